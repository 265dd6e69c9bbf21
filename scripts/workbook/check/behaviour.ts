import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Peer, Target } from './client/peer.ts'
import type { Program, StartOptions } from './program/program.ts'
import type { Facts } from './lesson.ts'
import type { Random } from './client/random.ts'
import type { SecureOptions } from './client/tls.ts'

/** What a behaviour's story can do. Everything it starts or opens ends with it. */
export interface World {
  /** Starts a program of the folder under test, `server.ts` unless said otherwise. */
  start(file?: string, args?: readonly string[], options?: StartOptions): Program
  /** The server, listening. It may have served other stories before, unless the behaviour is `alone`;
   * only then are there options, such as a terminal. */
  serve(options?: StartOptions): Promise<Program>
  /** Shows that this server serves a plain client, as the lesson's room says. @throws Failure when it does not */
  serves(program: Program): Promise<void>
  /**
   * Connects a client to 127.0.0.1 port 12345, or to another place; `ms` says how long to try. It speaks what
   * clients of the lesson speak.
   */
  connect(ms?: number, place?: Target, tls?: SecureOptions): Promise<Peer>
  /** Connects a client that speaks no TLS, in any lesson: what it sends are the bytes on the wire. */
  call(ms?: number, place?: Target): Promise<Peer>
  /**
   * Listens on port 12345 in the checker itself, for a client under test to talk to. It speaks what clients of
   * the lesson speak, TLS with the papers that the program under test has as well, unless it is told otherwise.
   */
  answer(handler: (conn: Socket) => void, own?: OwnPapers | 'plain'): Promise<void>
  /** A new folder with a `certs/` like that of the programs under test: start one there. */
  papers(): string
  /** Whether nobody else is in this network, and it may be changed. */
  ownNetwork: boolean
  /** The same numbers for the same seed; the seed is part of the verdict. */
  random: Random
  /** The number of the lesson that is checked. */
  lesson: number
  facts: Facts
}

/** What a server in the checker's hand shows: files of a folder, those of the check unless given. */
export type OwnPapers = { folder?: string, cert?: string, key?: string } & Pick<TlsOptions, 'ca' | 'requestCert' | 'rejectUnauthorized' | 'SNICallback'>

/** How the reader starts a program, `npm run mine client`. */
export type RunLine = (file?: string, args?: readonly string[]) => string

/** One short story on a real socket, told once, with the lessons in which it holds. */
export interface Behaviour {
  id: string
  /** What holds, as one line without a full stop. */
  title: string
  /** The last lesson in which it holds; unless given it holds until another program begins. */
  to?: number
  /** A lesson in between in which it does not. */
  except?: number
  /** It can be proved on these systems only. */
  platforms?: readonly NodeJS.Platform[]
  /** Why it cannot be proved on this machine; undefined where it can. */
  unless?: () => string | undefined
  /** It needs the port for itself: it freezes, fills or ends the server, or wants none. */
  alone?: true
  /** It gives the network something that it does not have, and so is told in a lane, whose network is its own. */
  inLane?: true
  /** It takes longer than most, and is begun before them. */
  long?: true
  /** The port of which it needs that nobody has it, besides the one of all lessons. */
  port?: number
  /**
   * Commands with which the reader sees the same, one for each terminal, where the story's client does not
   * tell. Where the lesson has come to speak TLS, those with nc are translated: see overTls().
   * @param secure whether the server speaks TLS
   */
  byHand?: (run: RunLine, secure: boolean) => readonly string[]
  /** Its commands are meant as they are written. */
  plain?: true
  /** @throws Failure when it does not hold */
  story(world: World): Promise<void>
}
