import { change } from '#workbook/check/change.ts'
import { crashOf } from '#workbook/check/explain/crash.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { CLOSE_WAIT, serverEnd } from '#workbook/machine/sockets.ts'
import { sourceOf, type Situation } from '#workbook/check/explain/situation.ts'
import { echoLarge, echoSplit, endAtTheBrim, halfClose } from '../../06-echo/behaviours.ts'

const LOOP = 'conn.iterator({ destroyOnReturn: false })'
const WRITE = 'if (!conn.write(data)) await once(conn, \'drain\')'
// Node 24, and no other, spares a connection with allowHalfOpen when the loop over it is over.
const SPARES = process.versions.node.startsWith('24.')

const TOO_SOON = 'your server ends the connection while the client still talks'
const UNSENT = 'your server ends the connection before everything has been sent'
const FORGETS = `${UNSENT}: Node destroys a connection when the loop over it is over, and forgets what still waits`

const closesTooSoon: Mistake = {
  id: 'closes-too-soon',
  find: situation => writesAfterEnd(situation) ?? closesInTheMiddle(situation),
  wrong: [
    { lesson: 6, breaks: echoSplit, says: `${TOO_SOON}, and its next write fails at server.ts:24`, program: [change('server.ts', WRITE, 'conn.end(data)')] },
    { name: 'break', lesson: 6, breaks: echoSplit, says: `${TOO_SOON}: a break leaves`, program: [change('server.ts', WRITE, `${WRITE}\n      break`)] },
    { name: 'destroy', lesson: 6, breaks: endAtTheBrim, says: `${UNSENT}: destroy forgets`, program: [change('server.ts', 'conn.end()', 'conn.destroy()')] },
    ...SPARES ? [] : [
      { name: 'obvious', lesson: 6, breaks: echoLarge, says: FORGETS, program: [change('server.ts', LOOP, 'conn'), change('server.ts', WRITE, 'conn.write(data)')] },
      { name: 'brim', lesson: 6, breaks: endAtTheBrim, says: FORGETS, program: [change('server.ts', LOOP, 'conn')] },
      { name: 'no-option', lesson: 6, breaks: endAtTheBrim, says: FORGETS, program: [change('server.ts', LOOP, 'conn.iterator()')] },
    ],
  ],
}

// A crash that has a cause of its own.
function writesAfterEnd(situation: Situation): string | undefined {
  if (!situation.program?.errors.includes('ERR_STREAM_WRITE_AFTER_END')) return undefined
  const { place } = crashOf(situation)
  const where = place === undefined ? '' : ` at ${place}`
  return `${TOO_SOON}, and its next write fails${where}: end belongs behind the loop, and nothing can be written behind it`
}

function closesInTheMiddle(situation: Situation): string | undefined {
  const { kind, received, expected, peer, program } = situation
  if ((kind !== 'closed' && kind !== 'broke') || !peer || !program?.running) return undefined
  if (expected && !received.equals(expected.subarray(0, received.length))) return undefined
  const source = sourceOf(situation)
  if (peer.steps.some(step => 'ended' in step)) {
    return /\.destroy\(\)/.test(source) ? `${UNSENT}: destroy forgets what still waits, and end sends it first` : FORGETS
  }
  const [, front] = /^([^]*?)\bbreak\b/.exec(source) ?? []
  return front?.includes('.end(') === false
    ? `${TOO_SOON}: a break leaves the loop after one chunk, and what stands behind the loop ends it`
    : `${TOO_SOON}: end belongs behind the loop, not inside it`
}

const neverCloses: Mistake = {
  id: 'never-closes',
  find({ kind, peer, program }) {
    if (kind !== 'stays-open' || program?.file === 'client.ts' || !peer?.steps.some(step => 'ended' in step)) return undefined
    const waits = serverEnd(peer.called, peer.port)?.state === CLOSE_WAIT ? ' The kernel calls its state CLOSE-WAIT: it waits for your program to close' : ''
    return `your server never ends its side after the client has: it should call end when there is nothing more to read.${waits}`
  },
  wrong: [{ lesson: 6, breaks: halfClose, program: [change('server.ts', '    conn.end()\n', '')] }],
}

/** Servers that end their side at the wrong moment. Before all that is said of a crash: this one explains it. */
export const ends: readonly Mistake[] = [closesTooSoon, neverCloses]
