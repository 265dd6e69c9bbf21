import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'
import { endsThere, response } from '../shared/http.ts'
import { serves } from './limits.ts'
import { sends } from './refusals.ts'
import { expectOneOf, head, named, refusedAlike, takenAlike } from './ways.ts'

const post = (...fields: string[]) => `${head('POST /count HTTP/1.1', ...fields)}Hello`

export const takesEqualLengths: Behaviour = {
  id: 'exercise-let-equal-lengths-pass',
  title: 'two equal lengths are one; two that differ, or aren\'t numbers, still get 400',
  byHand: run => [run(), sends('POST /count HTTP/1.1\\r\\nHost: a\\r\\n', ...[
    'Content-Length: 5\\r\\nContent-Length: 5', 'Content-Length: 5, 5', 'Content-Length: 5, 6',
  ].map(text => `${text}\\r\\n\\r\\nHello`))],
  async story(world) {
    await world.serve()
    const answers = await takenAlike(world, [
      ['one length', post('Content-Length: 5'), 200],
      ['two lengths that are equal', post('Content-Length: 5', 'Content-Length: 5'), 200],
      ['a list of two lengths that are equal', post('Content-Length: 5, 5'), 200],
      ['three lengths that are equal', post('Content-Length: 5', 'Content-Length: 5, 5'), 200],
    ])
    const other = answers.find(({ body }) => !body.toString().startsWith('5 bytes'))
    if (other) throw new Failure('other', 'two lengths of 5 are a length of 5, and another number of bytes was counted', { received: other.bytes })
    const bad = (what: string, ...fields: string[]) => [what, post(...fields), 400] as const
    await refusedAlike(world, [
      bad('two lengths that differ', 'Content-Length: 5', 'Content-Length: 6'),
      bad('two lengths of which the second begins like the first', 'Content-Length: 5', 'Content-Length: 55'),
      ...['5, 6', '5, 5, 6', '+5, +5', '5 5', '5,', ',5', ', ', '5x, 5x'].map(text => bad(`a length of "${text}"`, `Content-Length: ${text}`)),
      bad('two equal lengths and a transfer coding', 'Content-Length: 5, 5', 'Transfer-Encoding: chunked'),
    ])
  },
}

export const turnsAway: Behaviour = {
  id: 'exercise-turn-away-misdirected-requests',
  title: 'a Host that isn\'t localhost or 127.0.0.1 gets 421, and those two are served',
  byHand: run => [run(), `curl -i -H 'Host: evil.example' http://127.0.0.1:${PORT}/\ncurl -i http://localhost:${PORT}/`],
  async story(world) {
    await world.serve()
    for (const host of ['localhost', '127.0.0.1', `localhost:${PORT}`, `127.0.0.1:${PORT}`, 'LocalHost:80']) await asks(world, host, 200)
    for (const host of ['evil.example', `evil.example:${PORT}`, 'localhost.evil.example', 'notlocalhost', '127.0.0.1.evil.example', '127.0.0.11', '127x0x0x1', '[::1]']) await asks(world, host, 421)
    // What is no host at all is another matter, and an old client needs none.
    await refusedAlike(world, [['a request without a Host', 'GET / HTTP/1.1\r\n\r\n', 400]])
    const old = await world.connect()
    await old.send('GET / HTTP/1.0\r\n\r\n')
    expectOneOf(old, await response(old), [200])
    await serves(world)
  },
}

async function asks({ connect }: World, host: string, status: number): Promise<void> {
  const peer = await connect()
  await peer.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  await named(`"Host: ${host}"`, async () => {
    const came = await response(peer)
    expectOneOf(peer, came, [status])
    await endsThere(peer, came)
  })
}

/** What the exercises of lesson 25 ask for. */
export const exercises: readonly Exercise[] = [
  {
    id: 'let-equal-lengths-pass', behaviours: [takesEqualLengths],
    solution: [
      change('framing.ts', '  if (!/^\\d{1,15}$/.test(length)) throw bad(\'a length is a number of bytes\')\n  return Number.parseInt(length, 10)\n', `  const [first = '', ...others] = length.split(/,[ \\t]*/)
  const isOne = others.every(other => other === first)
  if (!isOne || !/^\\d{1,15}$/.test(first)) throw bad('a length is one number')
  return Number.parseInt(first, 10)
`),
    ],
  },
  {
    id: 'turn-away-misdirected-requests', behaviours: [turnsAway],
    solution: [
      change('answers.ts', '  const { request, body, conn } = exchange\n', `  const { request, body, conn } = exchange
  const host = request.fields.get('host') ?? 'localhost'
  if (!/^(localhost|127\\.0\\.0\\.1)(:\\d*)?$/i.test(host)) {
    const status = '421 Misdirected Request'
    respond(exchange, 'text/plain', \`\${status}\\n\`, status)
    return
  }
`),
    ],
  },
]
