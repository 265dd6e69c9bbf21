import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Behaviour } from '../behaviour.ts'
import type { Failure, FailureKind } from './failure.ts'
import type { Address } from '../../machine/sockets.ts'
import type { Peer } from '../client/peer.ts'
import type { Program } from '../program/program.ts'
import type { Scene } from '../run/stage.ts'
import { PORT, type Setting } from '../setting.ts'

/** A story that has just failed, with its programs and connections as they stand. */
export interface Situation {
  behaviour: Behaviour
  kind: FailureKind
  /** The sentence with which it failed. */
  reason: string
  setting: Setting
  /** The program whose behaviour it is; none when it could not even be started. */
  program?: Program
  /** The connection on which it was seen. */
  peer?: Peer
  /** All clients of the story, in the order in which they came. */
  peers: readonly Peer[]
  received: Buffer
  expected?: Buffer
  wanted?: string
  signal?: NodeJS.Signals
  /** Where the program should have listened. */
  place: Address
  /** Everything was read, nothing was said, and both sides are still there. */
  mute: boolean
}

/** What the story has left behind, before anything of it is put away. */
export function situationOf(
  { kind, message: reason, evidence }: Failure, behaviour: Behaviour, setting: Setting, scene: Scene,
): Situation {
  const { expected, wanted, signal } = evidence
  const program = evidence.program ?? scene.programs[0]
  const peer = evidence.peer ?? scene.peers.at(-1)
  const received = evidence.received ?? peer?.pending ?? Buffer.alloc(0)
  return {
    behaviour, kind, reason, setting, peers: scene.peers, received,
    place: { host: '127.0.0.1', port: PORT, ...evidence.place },
    mute: kind === 'silence' && received.length === 0 && program?.running === true && peer?.open === true,
    ...(program && { program }),
    ...(peer && { peer }),
    ...(expected && { expected }),
    ...(wanted !== undefined && { wanted }),
    ...(signal && { signal }),
  }
}

/** The source of the program; empty when it cannot be read. */
export function sourceOf({ setting, program }: Situation): string {
  try {
    return readFileSync(join(setting.folder, program?.file ?? 'server.ts'), 'utf8')
  } catch {
    return ''
  }
}

/** All that the reader has written, whichever file it is in. */
export function sourcesOf({ setting }: Situation): string {
  const names = readdirSync(setting.folder).filter(name => name.endsWith('.ts'))
  return names.map(name => readFileSync(join(setting.folder, name), 'utf8')).join('\n')
}
