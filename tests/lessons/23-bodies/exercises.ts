import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { change } from '#workbook/check/change.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { PORT } from '#workbook/check/setting.ts'
import { get } from '../22-a-request/page.ts'
import { endsThere } from '../shared/http.ts'
import { chunkedAnswer, chunkedPost, ECHO, echoes, expectMeanwhile, sizedPost } from './wire.ts'

export const countsDown: Behaviour = {
  id: 'exercise-count-down',
  title: 'GET /launch gets 3, 2, 1, each when its second has come, in chunks',
  byHand: run => [run(), `curl --no-buffer http://127.0.0.1:${PORT}/launch`],
  async story(world) {
    await world.serve()
    const peer = await world.connect()
    const began = Date.now()
    await peer.send(get('/launch'))
    for (const [count, line] of ['3\n', '2\n', '1\n'].entries()) {
      await expectMeanwhile(peer, line, `the line ${inspect(line)} has not come`)
      const ms = Date.now() - began
      if (ms < 1000 * count - 200) throw new Failure('other', `the line ${inspect(line)} should come ${count} s after the request, and comes after ${(ms / 1000).toFixed(1)} s`, { peer })
    }
    const came = await chunkedAnswer(peer, 'GET /launch')
    const text = came.body.toString()
    if (text !== '3\n2\n1\n') throw new Failure('other', `the body should be ${inspect('3\n2\n1\n')}, and is ${inspect(text.slice(0, 60))}`, { peer, received: came.bytes })
    await endsThere(peer, came)
  },
}

export const sumAtTheEnd: Behaviour = {
  id: 'exercise-a-sum-at-the-end',
  title: 'the echo ends with the trailer X-Sha-256, the sha-256 of its body',
  byHand: run => [run(), `curl -sv -d Hello ${ECHO} 2>&1 | grep -i x-sha-256\nprintf Hello | sha256sum`],
  async story(world) {
    await world.serve()
    for (const size of [0, 5, 100_000]) {
      const body = world.random.bytes(size)
      for (const request of [sizedPost('/echo', body), chunkedPost('/echo', body, [1, 2, 1000])]) {
        const came = await echoes(world, request, body, `a body of ${size} bytes`)
        const wanted = createHash('sha256').update(body).digest('hex')
        const said = came.trailers.map(line => /^x-sha-256:[ \t]*(.*?)[ \t]*$/i.exec(line)?.[1]?.toLowerCase()).filter(value => value !== undefined)
        if (said.length === 1 && said[0] === wanted) continue
        throw new Failure('other', said.length === 0
          ? 'the last chunk should be followed by the line X-Sha-256 and an empty line, and X-Sha-256 is missing'
          : `X-Sha-256 should be ${wanted}, and is ${inspect(said.join(', '))}`, { received: came.bytes })
      }
    }
  },
}

/** What the exercises of lesson 23 ask for. */
export const exercises: readonly Exercise[] = [
  {
    id: 'count-down', behaviours: [countsDown],
    solution: [
      change('answers.ts', '    case \'GET /empty\':', '    case \'GET /launch\':\n      await stream(conn, launch())\n      break\n    case \'GET /empty\':'),
      change('answers.ts', 'async function stream', `async function* launch(): Body {
  for (let count = 3; count > 0; count--) {
    yield Buffer.from(\`\${count}\\n\`)
    if (count > 1) await setTimeout(1000)
  }
}

async function stream`),
      change('answers.ts', 'import type { Socket } from \'node:net\'\n', 'import type { Socket } from \'node:net\'\nimport { setTimeout } from \'node:timers/promises\'\n'),
    ],
  },
  {
    id: 'a-sum-at-the-end', behaviours: [sumAtTheEnd],
    solution: [
      change('bodies.ts', 'import { once }', 'import { createHash } from \'node:crypto\'\nimport { once }'),
      change('bodies.ts', '  for await (const piece of body) {\n', '  const hash = createHash(\'sha256\')\n  for await (const piece of body) {\n    hash.update(piece)\n'),
      change('bodies.ts', 'conn.write(\'0\\r\\n\\r\\n\')', 'conn.write(`0\\r\\nX-Sha-256: ${hash.digest(\'hex\')}\\r\\n\\r\\n`)'),
    ],
  },
]
