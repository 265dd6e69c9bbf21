import { asCommand } from '../client/by-hand.ts'
import type { Behaviour } from '../behaviour.ts'
import { recognise } from './recognise.ts'
import { nearestLine, onlyLine } from './near.ts'
import { firstDifference } from '../client/expect.ts'
import type { Failure } from './failure.ts'
import { overTls, withPapers } from '../client/over-tls.ts'
import type { Scene } from '../run/stage.ts'
import type { CheckedLesson } from '../lesson.ts'
import { runLine, type Setting } from '../setting.ts'
import { situationOf, type Situation } from './situation.ts'
import type { Bytes, Verdict } from '../report/verdict.ts'
import { whoWaits } from './who-waits.ts'

/** What is told of a failure, besides which behaviour it was. */
export type Explanation = Omit<Verdict, 'id' | 'title' | 'status' | 'seed' | 'hints'>

/** Explains a failure while its programs and connections are still there. */
export async function explain(
  failure: Failure, behaviour: Behaviour, setting: Setting, scene: Scene, lesson: CheckedLesson,
): Promise<Explanation> {
  const situation = situationOf(failure, behaviour, setting, scene)
  const { received, expected, peer, program } = situation
  // A program that closes a connection may be on its way out: its last words explain everything.
  if (ENDS.has(failure.kind)) await program?.ended(LAST_WORDS).catch(() => {})
  // Looked at first: a diagnosis may talk to the program and so change what is seen.
  const waiting = whoWaits(situation)
  const sent = peer?.sent ?? Buffer.alloc(0)
  const commands = byHand(failure, situation, lesson)
  const found = await recognise(situation, lesson.mistakes)
  const diagnosis = found && { id: found.id, sentence: printable(found.sentence) }
  const nearest = nearestLine(situation) ?? onlyLine(situation)
  const stderr = program?.errors ?? ''
  const at = expected ? firstDifference(received, expected) : 0
  return {
    reason: printable(failure.message),
    ...(diagnosis && { diagnosis }),
    byHand: [...found?.byHand ?? commands].map(printable),
    ...(sent.length > 0 && (expected || waiting !== undefined) && { sent: windowOf(sent, at) }),
    ...(expected && { received: windowOf(received, at), expected: windowOf(expected, at), differsAt: at }),
    ...(situation.wanted !== undefined && { wanted: situation.wanted }),
    ...(nearest !== undefined && { nearest: printable(nearest.slice(0, 500)) }),
    ...(waiting !== undefined && { waiting }),
    ...(stderr !== '' && { stderr: printable(relative(stderr, setting.folder).slice(0, 4000)) }),
  }
}

function byHand({ evidence }: Failure, situation: Situation, lesson: CheckedLesson): string[] {
  const { behaviour, setting, peer, peers } = situation
  const run = (file = 'server.ts', args: readonly string[] = []) => runLine(setting, file, args)
  if (evidence.byHand) return [...evidence.byHand]
  // Stories of earlier lessons are written for nc, or for a server that asks for no certificate.
  const began = lesson.began.get(behaviour.id)?.facts
  const secure = setting.facts.speaks === 'tls'
  const translated = secure && began?.speaks !== 'tls' && !behaviour.plain
  const shows = setting.facts.clientShowsPapers && began?.clientShowsPapers === false
  const spoken = (command: string) =>
    translated ? overTls(command, setting.facts) : shows ? withPapers(command) : command
  if (behaviour.byHand) return behaviour.byHand(run, secure).map(spoken)
  if (!peer) return [run()]
  // Clients that came before may matter: the reader sees the last one fail only after them.
  const before = peers.slice(0, peers.indexOf(peer)).slice(-2)
  return [run(), [...before, peer].map(({ steps, called, secure }) => {
    const command = asCommand(steps, called)
    return secure ? overTls(command, setting.facts) : command
  }).join('\n')]
}

const ENDS = new Set(['closed', 'broke', 'no-connection', 'no-line'])
// In milliseconds.
const LAST_WORDS = 150
const SHOWN = 512

function windowOf(bytes: Buffer, around: number): Bytes {
  // A window begins at a multiple of 16, as the rows of a hex dump do.
  const from = Math.max(0, Math.min((around - SHOWN / 2) & ~15, (bytes.length - SHOWN + 15) & ~15))
  return { length: bytes.length, from, hex: bytes.subarray(from, from + SHOWN).toString('hex') }
}

// `server.ts:19:10` is what the reader knows it by.
function relative(text: string, folder: string): string {
  return text.replaceAll(`file://${folder}/`, '').replaceAll(`${folder}/`, '')
}

// What a program or a client has said must not move the cursor of whoever reads it.
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\n\t\u00a0-\uffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, byte => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
