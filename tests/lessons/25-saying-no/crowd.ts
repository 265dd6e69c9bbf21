import type { Behaviour } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure, TooBusy } from '#workbook/check/explain/failure.ts'
import { PORT } from '#workbook/check/setting.ts'
import { memoryOf } from '#workbook/machine/sockets.ts'
import { get } from '../22-a-request/page.ts'
import { chunk, CHUNKED, post } from '../23-bodies/wire.ts'
import { serves } from './limits.ts'

/** A request that may break off anywhere. */
const WHOLE = Buffer.concat([post('/count', CHUNKED), chunk('Hello'), Buffer.from('0\r\nX-A: b\r\n\r\n')])
const CLIENTS = 400
const STALLED = 100
const GROWTH = 64e6

export const outlivesACrowd: Behaviour = {
  id: 'outlives-a-crowd',
  title: 'of 500 clients, 100 stall in a head and others are reset: the rest are served',
  alone: true,
  byHand: run => [
    run(), `node -e "for (let i = 1; i < 100; i++) {\n  const c = require('net').connect(${PORT}, '127.0.0.1')\n  c.write('GET / HTTP/1.1'.slice(0, i), () => c.resetAndDestroy())\n}"`,
    `curl -i http://127.0.0.1:${PORT}/`,
  ],
  async story({ serve, connect }) {
    const program = await serve()
    await serves({ connect })
    const before = memoryOf(program.pid) ?? 0
    const stalled = await Promise.all(Array.from({ length: STALLED }, () => connect()))
    await Promise.all(stalled.map((peer, index) => peer.send(WHOLE.subarray(0, 1 + index % 60))))
    const rude = async (at: number) => {
      const peer = await connect()
      await peer.send(WHOLE.subarray(0, at))
      peer.reset()
    }
    const asks = async () => {
      const peer = await connect()
      await peer.send(get('/'))
      return peer
    }
    const [, asking] = await Promise.all([
      Promise.all(Array.from({ length: WHOLE.length }, (_, at) => rude(at + 1))),
      Promise.all(Array.from({ length: CLIENTS }, asks)),
    ])
    const late = Date.now() + 2500 * program.patience
    const isServed = (peer: Peer) => peer.pending.includes('</html>')
    const goesOn = () => program.running && Date.now() < late && !asking.every(isServed)
    while (goesOn()) await new Promise(resolve => setTimeout(resolve, 20))
    const missing = asking.filter(peer => !isServed(peer))
    if (!program.running) throw new Failure('ended', 'your program ended', { program })
    if (missing.length > 0 && missing.some(peer => peer.open)) throw new TooBusy()
    if (missing.length > 0) throw new Failure('closed', `of ${CLIENTS} clients that asked while ${STALLED} others stood in the middle of a request, ${missing.length} have no page`, { program, peer: missing[0]! })
    const grown = (memoryOf(program.pid) ?? 0) - before
    if (grown > GROWTH) throw new Failure('memory', `500 clients made your server grow by ${Math.round(grown / 1e6)} MB`, { program })
    const gone = stalled.filter(peer => !peer.open).length
    if (gone > 0 && Date.now() < late) throw new Failure('closed', `${gone} of ${STALLED} clients were let go in the middle of a request, and had seconds left`, { program })
    await serves({ connect })
  },
}
