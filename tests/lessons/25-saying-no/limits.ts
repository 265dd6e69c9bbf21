import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { get, page } from '../22-a-request/page.ts'
import { endsThere, response } from '../shared/http.ts'
import { chunks, expectOneOf, head, named, refusedAlike, takenAlike } from './ways.ts'

const KB = 1024
const MB = 1024 * KB
const CHUNKED = 'Transfer-Encoding: chunked'
const COUNT = `http://127.0.0.1:${PORT}/count`

const x = (count: number) => 'x'.repeat(count)
const many = (count: number, make: (at: number) => string) => Array.from({ length: count }, (_, at) => make(at))

/** Some chunks of a byte each, with an extension each. */
function extended(count: number, size: number): string {
  return `${head('POST /count HTTP/1.1', CHUNKED)}${many(count, () => `1;${x(size)}\r\nx\r\n`).join('')}0\r\n\r\n`
}

export const refusesLongRequests: Behaviour = {
  id: 'refuses-long-requests',
  title: 'a request line over 8 KiB gets 414, fields over 16 KiB or over 100 get 431',
  byHand: run => [run(), `long() { head -c $1 /dev/zero | tr '\\0' x; }
curl -si http://127.0.0.1:${PORT}/$(long 9000) | head -1
curl -siH "X-A: $(long 9000)" -H "X-B: $(long 9000)" \\\n  http://127.0.0.1:${PORT}/ | head -1
curl -si $(seq -f '-H X-%g:1' 101) http://127.0.0.1:${PORT}/ | head -1`],
  async story(world) {
    await world.serve()
    await takenAlike(world, [
      ['a request line of 8,000 bytes', head(`GET /${x(7986)} HTTP/1.1`), 200],
      ['fields of 15 KiB', head('GET / HTTP/1.1', ...many(3, index => `X-${index}: ${x(5 * KB - 20)}`)), 200],
      ['99 fields', head('GET / HTTP/1.1', ...many(98, index => `X-${index}: b`)), 200],
      ['chunk extensions of 10 KB in all', extended(100, 100), 200],
    ])
    await refusedAlike(world, [
      ['a request line of 9,000 bytes', head(`GET /${x(8986)} HTTP/1.1`), 414],
      ['a request line without an end', `GET /${x(20 * KB)}`, 414],
      ['fields of 18 KiB', head('GET / HTTP/1.1', ...many(3, index => `X-${index}: ${x(6 * KB - 20)}`)), 431],
      ['a field without an end', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${x(20 * KB)}`, 431],
      ['101 fields', head('GET / HTTP/1.1', ...many(100, index => `X-${index}: b`)), 431],
      ['trailers of 18 KiB', `${head('POST /count HTTP/1.1', CHUNKED)}${chunks('5', 'Hello\r\n', `0\r\nX-A: ${x(18 * KB)}\r\n\r\n`)}`, 431, 400],
      ['101 trailers', `${head('POST /count HTTP/1.1', CHUNKED)}${chunks('5', 'Hello\r\n', `0\r\n${many(101, index => `X-${index}: b\r\n`).join('')}\r\n`)}`, 431, 400],
    ])
  },
}

export const limitsExtensions: Behaviour = {
  id: 'limits-extensions',
  title: 'chunk extensions of more than 16 KiB in one body get 400 or 413',
  byHand: run => [run(), `(printf 'POST /count HTTP/1.1\\r\\nHost: a\\r\\n'\n printf '${CHUNKED}\\r\\n\\r\\n'\n for i in $(seq 300)\n do printf '1;%0100d\\r\\nx\\r\\n' 0; done; printf '0\\r\\n\\r\\n') \\\n  | nc -N 127.0.0.1 ${PORT} | head -1`],
  async story(world) {
    await world.serve()
    await refusedAlike(world, [
      ['chunk extensions of 30 KB in all', extended(300, 100), 400, 413],
      ['a chunk extension without an end', `${head('POST /count HTTP/1.1', CHUNKED)}5;${x(20 * KB)}`, 400, 413],
    ])
  },
}

export const refusesLargeBodies: Behaviour = {
  id: 'refuses-large-bodies',
  title: 'a body of more than 1 MiB to /count gets 413, and one of 1 MiB is counted',
  byHand: run => [run(), `for size in 1048576 1048577\ndo head -c $size /dev/zero \\\n  | curl -siT - -X POST ${COUNT}\ndone`],
  async story(world) {
    await world.serve()
    const bytes = Buffer.alloc(MB + 1, 'x')
    const sized = (size: number, ...more: string[]) => head('POST /count HTTP/1.1', `Content-Length: ${size}`, ...more)
    const chunked = (size: number) => [Buffer.from(`${head('POST /count HTTP/1.1', CHUNKED)}${(MB / 2).toString(16)}\r\n`), bytes.subarray(0, MB / 2), Buffer.from(`\r\n${(size - MB / 2).toString(16)}\r\n`), bytes.subarray(0, size - MB / 2), Buffer.from('\r\n0\r\n\r\n')]
    // Whoever asks is told before a byte of the body has been sent, and so is one that has not asked.
    for (const [what, request, status] of [
      ['a length of 1 MiB', [Buffer.from(sized(MB)), bytes.subarray(0, MB)], 200],
      ['a length of 1 MiB and a byte', [Buffer.from(sized(MB + 1))], 413],
      ['a length of 1 MiB and a byte, with Expect: 100-continue', [Buffer.from(sized(MB + 1, 'Expect: 100-continue'))], 413],
      ['a length of a terabyte', [Buffer.from(sized(1e12))], 413],
      ['1 MiB in chunks', chunked(MB), 200],
      ['1 MiB and a byte in chunks', chunked(MB + 1), 413],
      ['a chunk whose size is written "ffffffffffff"', [Buffer.from(`${head('POST /count HTTP/1.1', CHUNKED)}ffffffffffff\r\n`), bytes, bytes], 413],
    ] as const) {
      const peer = await world.connect()
      for (const piece of request) await peer.send(piece)
      await named(`${what}, to /count`, async () => {
        const came = await response(peer)
        expectOneOf(peer, came, [status])
        if (status === 413) await endsThere(peer, came)
      })
    }
    await serves(world)
  },
}

export const answerSurvives: Behaviour = {
  id: 'answer-survives',
  title: 'a refused client that first sends 5 MB and then reads still gets its 413',
  byHand: run => [run(), `head -c 5000000 /dev/zero \\\n  | curl -si -H Expect: --data-binary @- ${COUNT}`],
  async story(world) {
    await world.serve()
    for (const field of [`Content-Length: ${LARGE}`, CHUNKED]) {
      const peer = await world.connect()
      peer.pause()
      await peer.send(head('POST /count HTTP/1.1', field))
      if (field === CHUNKED) await peer.send(`${LARGE.toString(16)}\r\n`)
      const since = Date.now()
      const block = Buffer.alloc(1 << 16, 'x')
      let left = LARGE
      for (; left > 0 && Date.now() - since < LINGERS; left -= block.length) {
        if (!peer.push(block.subarray(0, left)) && !await peer.drained(LINGERS)) break
      }
      const stuck = left > 0 || !await peer.drained(LINGERS)
      // Others may have had the processor for the second for which the server reads on.
      if (Date.now() - since > LINGERS) throw new TooBusy()
      peer.resume()
      if (stuck) {
        throw new Failure('other', `your server has refused an upload of 5 MB, and does not read on: ${left} bytes of it are stuck in the client`, { peer, certain: false, received: Buffer.alloc(0) })
      }
      const came = await response(peer)
      expectOneOf(peer, came, [413])
    }
    await serves(world)
  },
}

// In bytes, and milliseconds.
const LARGE = 5_000_000
const LINGERS = 800

/** @throws Failure when the next client does not get its page */
export async function serves({ connect }: Pick<World, 'connect'>): Promise<void> {
  const peer = await connect()
  await peer.send(get('/'))
  await page(peer)
}
