import type { Socket } from 'node:net'
import type { Program } from './program.ts'
import type { Peer } from './peer.ts'
import type { Random } from './random.ts'

/** What a behaviour's story can do. Everything it starts or opens ends with it. */
export interface World {
  /** Starts a program of the folder under test, `server.ts` unless said otherwise. */
  start(file?: string, args?: readonly string[]): Program
  /** Starts the server and waits until it listens. */
  serve(): Promise<Program>
  /** Connects a client to port 12345; gives up after `ms`. */
  connect(ms?: number): Promise<Peer>
  /** Listens on port 12345 in the checker itself, for a client under test to talk to. */
  answer(handler: (conn: Socket) => void): Promise<void>
  /** The same numbers for the same seed; the seed is part of the verdict. */
  random: Random
}

/** One short story on a real socket, told once, with the lessons in which it holds. */
export interface Behaviour {
  id: string
  /** What holds, as one line without a full stop. */
  title: string
  /** The first lesson in which it holds. */
  from: number
  /** The last one; none while it holds in every lesson that came later. */
  to?: number
  /** It can be proved on these systems only. */
  platforms?: readonly NodeJS.Platform[]
  /** @throws Failure when it does not hold */
  story(world: World): Promise<void>
}

/** Whether a behaviour belongs to a lesson. */
export function holdsIn(behaviour: Behaviour, lesson: number): boolean {
  return behaviour.from <= lesson && lesson <= (behaviour.to ?? Infinity)
}
