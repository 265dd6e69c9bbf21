import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, createServer as createSecureServer, type SecureContext } from 'node:tls'
import { copyPapers } from '../../certs/make.ts'
import { projectFolder } from '../program/project-folder.ts'
import type { World } from '../behaviour.ts'
import { Failure } from '../explain/failure.ts'
import type { Guardian } from '../program/guardian.ts'
import { Peer, type Target } from '../client/peer.ts'
import { portTaken } from '../../machine/port.ts'
import { Program } from '../program/program.ts'
import { Random } from '../client/random.ts'
import type { SecureOptions } from '../client/tls.ts'
import type { CheckedLesson } from '../lesson.ts'
import { PORT, type Setting } from '../setting.ts'
import { until } from '../../machine/until.ts'
import type { Verdict } from '../report/verdict.ts'

/** Everything that one story has started and opened. */
export interface Scene {
  world: World
  programs: Program[]
  peers: Peer[]
  conns: Socket[]
  /** Gives up the calls that nobody has answered, when the scene is left. */
  calls: AbortController
}

/**
 * Where stories are told: a network with one port 12345, and at most one server on it that serves
 * several stories, one after another. Starting one takes longer than most stories.
 */
export class Stage {
  readonly lesson: CheckedLesson
  private readonly setting: Setting
  private readonly guardian: Guardian
  private readonly ownNetwork: boolean
  private server: Program | undefined
  private listening: Server | undefined
  /**
   * What failed with a server that had served others and then served nobody, and held with a new one. It
   * counts if nothing else fails: a story in which several clients come tells the mistake better.
   */
  spoilt: Verdict | undefined
  private scene: Scene | undefined
  /** A client of the last story had to be torn away. */
  private torn = false
  private closed = false
  private mistrusted = false
  private readonly speak: (tls: SecureOptions) => SecureOptions

  /** @param ownNetwork whether the network is this stage's alone */
  constructor(lesson: CheckedLesson, setting: Setting, guardian: Guardian, ownNetwork = false) {
    this.lesson = lesson
    this.setting = setting
    this.guardian = guardian
    guardian.mark(setting.scratch)
    this.ownNetwork = ownNetwork
    this.speak = speaking(clientPapers(setting))
  }

  /** Whether a server is there that other stories have used. */
  get used(): boolean {
    return this.server !== undefined && !this.mistrusted
  }

  /** Whether the server of several stories is there and runs. */
  get running(): boolean {
    return this.server?.running === true
  }

  /**
   * Whether the server serves a plain client when those of the last story have left. One that has ended over a
   * client that was torn away is not to blame: lesson 6 says what becomes of it.
   * @param ms how long it may take, in milliseconds
   */
  async stillServes(ms: number): Promise<boolean> {
    await this.leave().catch(onlyFailures)
    const { torn } = this
    if (!this.running) return torn
    const { world } = await this.enter(false)
    const served = async () => {
      await world.serve()
      await this.lesson.ready(world)
    }
    try {
      const late = new Promise<false>(resolve => setTimeout(resolve, ms, false).unref())
      if (await Promise.race([served().then(() => true, onlyFailures), late])) return true
      return torn && await until(() => !this.running, ENDS)
    } finally {
      await this.leave().catch(onlyFailures)
    }
  }

  /**
   * From now on each story gets a server of its own: this program cannot serve several.
   * @param spoilt what failed when its server served nobody any more
   */
  mistrust(spoilt?: Verdict): void {
    this.mistrusted = true
    this.spoilt = spoilt
  }

  /**
   * Prepares for the next story. With `alone` it finds nobody on the port. A story that goes on when the
   * scene has been left finds all doors shut.
   * @param patience how many times as long as usual it waits for each thing
   */
  async enter(alone: boolean, patience = this.setting.patience): Promise<Scene> {
    if (alone || this.mistrusted) await this.clear()
    const setting = { ...this.setting, patience }
    if (this.server) this.server.patience = patience
    const random = new Random(setting.seed)
    const programs: Program[] = []
    const peers: Peer[] = []
    const conns: Socket[] = []
    const calls = new AbortController()
    const expectOpen = () => {
      if (this.closed || this.scene !== scene) throw new Failure('other', 'the story is over')
    }
    const open = async (ms?: number, place?: Target, tls?: SecureOptions) => {
      expectOpen()
      const peer = await Peer.connect(setting.patience, ms, place, tls, calls.signal)
      peers.push(peer)
      if (this.scene !== scene) peer.destroy()
      return peer
    }
    const start: World['start'] = (file = 'server.ts', args = [], options = {}) => {
      expectOpen()
      const program = new Program(setting, this.guardian, file, args, options)
      programs.push(program)
      return program
    }
    const world: World = {
      random,
      ownNetwork: this.ownNetwork,
      start,
      lesson: setting.lesson,
      facts: setting.facts,
      serve: async (options = {}) => {
        expectOpen()
        if (alone) {
          const program = start('server.ts', setting.facts.serving, options)
          await program.listening(PORT)
          return program
        }
        return await this.serve(programs, setting)
      },
      serves: program => this.lesson.ready({ ...world, serve: async () => program }),
      connect: (ms, place, tls = {}) =>
        open(ms, place, setting.facts.speaks === 'tls' ? this.speak(tls) : undefined),
      call: (ms, place) => open(ms, place),
      papers: () => {
        const folder = projectFolder(setting.scratch, setting.root)
        copyPapers(setting.papers ?? '', folder)
        return folder
      },
      answer: async (handler, own = setting.facts.clientSpeaks === 'tls' ? {} : 'plain') => {
        expectOpen()
        const keep = (conn: Socket) => {
          conn.on('error', () => {})
          // One that speaks TLS takes the place of what carries it: to destroy both may end Node itself.
          const at = conns.findIndex(({ remotePort }) => remotePort === conn.remotePort)
          conns.splice(at < 0 ? conns.length : at, 1, conn)
        }
        const take = (conn: Socket) => {
          keep(conn)
          handler(conn)
        }
        if (own === 'plain') {
          this.listening = createServer({ allowHalfOpen: true }, take)
        } else {
          const { folder = setting.papers ?? '', cert = 'certs/server.crt', key = 'certs/server.key', ...rest } = own
          const papers = { cert: readFileSync(join(folder, cert)), key: readFileSync(join(folder, key)) }
          this.listening = createSecureServer({ ...papers, ...rest, allowHalfOpen: true }, take)
          // One that refuses the certificate leaves in the middle of the handshake.
          this.listening.on('connection', keep)
        }
        this.listening.listen(PORT, '127.0.0.1')
        await once(this.listening, 'listening').catch(async () => { throw await portTaken() })
      },
    }
    const scene: Scene = { world, programs, peers, conns, calls }
    return this.scene = scene
  }

  /**
   * Ends what the last story has started and opened. The server stays, if its clients have left it in
   * a state in which it can serve the next.
   * @throws Failure when one of them got more than it should have
   */
  async leave(): Promise<void> {
    const peers = this.scene?.peers ?? []
    await this.end()
    for (const peer of peers) peer.expectNoMore()
  }

  private async end(): Promise<void> {
    if (!this.scene) return
    const { programs, peers, conns, calls } = this.scene
    this.scene = undefined
    calls.abort()
    const own = programs.filter(program => program !== this.server)
    const [left] = await Promise.all([
      // A client that is torn away resets its connection, and a server may not survive that: lesson 6.
      Promise.all(peers.map(peer => this.server?.running ? peer.leave(LEAVE) : peer.destroy())),
      ...own.map(program => program.kill()),
    ])
    this.torn = left.includes(true)
    for (const conn of conns) conn.destroy()
    if (this.listening) await new Promise(resolve => this.listening?.close(resolve))
    this.listening = undefined
  }

  /** Ends the server as well, whatever became of the story. */
  async clear(): Promise<void> {
    await this.end()
    await this.server?.kill()
    this.server = undefined
  }

  /** Ends everything, and lets nothing start any more. */
  async close(): Promise<void> {
    this.closed = true
    await this.clear()
  }

  private async serve(programs: Program[], setting: Setting): Promise<Program> {
    if (this.server && !this.server.running) {
      const { exitCode } = this.server
      programs.unshift(this.server)
      throw new Failure('died', `your program has ended with exit code ${exitCode} after its clients had left`, { program: this.server })
    }
    if (!this.server) {
      this.server = new Program(setting, this.guardian, 'server.ts', setting.facts.serving)
      programs.unshift(this.server)
      await this.server.listening(PORT)
    } else {
      programs.unshift(this.server)
      this.server.output.forget()
      this.server.errorOutput.forget()
    }
    return this.server
  }
}

/** What a client in the checker's hand shows to whoever asks for it. */
function clientPapers({ facts, papers }: Setting): SecureOptions {
  if (!facts.clientShowsPapers || papers === undefined) return {}
  return { cert: readFileSync(join(papers, 'certs/client.crt')), key: readFileSync(join(papers, 'certs/client.key')) }
}

/** How a client speaks TLS. To read a key takes as long as half a handshake, so that is done once. */
function speaking(own: SecureOptions): (tls: SecureOptions) => SecureOptions {
  let secureContext: SecureContext | undefined
  return tls => {
    if (Object.keys(tls).length > 0) return { ...own, ...tls }
    secureContext ??= createSecureContext(own)
    return { secureContext }
  }
}

function onlyFailures(error: unknown): false {
  if (!(error instanceof Failure)) throw error
  return false
}

// In milliseconds. A server that a reset has ended is gone by then.
const ENDS = 150
// Servers of the first lessons never notice that a client has left.
const LEAVE = 100
