import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { expectBytes } from './expect.ts'
import { Problem } from '../../problem.ts'
import { Failure, type FailureKind } from '../explain/failure.ts'
import type { Address } from '../../machine/sockets.ts'
import { secure, type SecureOptions } from './tls.ts'
import { DEADLINES, PORT } from '../setting.ts'

/** What a client did, in order: for a command with which the reader can do the same. */
export type Step = { sent: Buffer } | { waitedFor: number } | { ended: true } | { late: true }

/** Where a client may connect to, or only the port: what is not said is that of the lessons. */
export type Target = number | Partial<Address> | { path: string }

/** A client in the checker's hand: every byte it sends and receives is kept. */
export class Peer {
  readonly steps: Step[] = []
  /** Its own port, as the server sees it. */
  readonly port: number
  /** The port that it has called; 0 at a Unix socket. */
  readonly called: number
  private readonly socket: Socket
  /** What carries it: the same, unless it speaks TLS. */
  private readonly carrier: Socket
  /** As in Setting. */
  readonly patience: number
  /** What has come as it should, since its story began. */
  private taken: Buffer[] = []
  private chunks: Buffer[] = []
  /** How many bytes it had been given before its story began. */
  private before = 0
  private length = 0
  private cameAt = Date.now()
  /** When the last wait for it began, as performance.now() says it. */
  private asked = 0
  private ended = false
  private error: NodeJS.ErrnoException | undefined
  private readonly waiting = new Set<() => void>()

  private constructor(socket: Socket, carrier: Socket, patience: number, called: number) {
    this.socket = socket
    this.carrier = carrier
    this.patience = patience
    this.port = carrier.localPort ?? 0
    this.called = called
    socket.on('data', data => {
      this.chunks.push(data)
      this.length += data.length
      this.cameAt = Date.now()
      this.wake()
    })
    socket.on('end', () => {
      this.ended = true
      this.wake()
    })
    socket.on('error', error => {
      this.error = error
      this.wake()
    })
    socket.on('close', () => this.wake())
  }

  /**
   * Connects to the address and port of the lessons, unless another place is given.
   * @param ms how long to try; the usual time with the machine's patience unless given
   * @param tls that it speaks TLS, and how
   * @param signal gives up a call that nobody has answered yet
   * @throws Failure when nobody listens there, or nobody answers in time
   */
  static async connect(
    patience: number, ms = DEADLINES.connect * patience, place: Target = {}, tls?: SecureOptions, signal?: AbortSignal,
  ): Promise<Peer> {
    const own = typeof place === 'number' ? { port: place } : place
    const target = 'path' in own ? own : { host: '127.0.0.1', port: PORT, ...own }
    const name = 'path' in target ? target.path.replace('\0', '@') : `${target.host} port ${target.port}`
    const socket = connect({ ...target, allowHalfOpen: true })
    const since = performance.now()
    try {
      const late = AbortSignal.timeout(Math.round(ms))
      await once(socket, 'connect', { signal: signal ? AbortSignal.any([late, signal]) : late })
    } catch (error) {
      socket.destroy()
      throw refusal(error as NodeJS.ErrnoException, name, { ms, since })
    }
    socket.setNoDelay(true)
    const port = 'port' in target ? target.port : 0
    return new Peer(tls ? await secure(socket, tls, patience) : socket, socket, patience, port)
  }

  /** What the handshake brought: the names of the cipher, and the certificate. Only of a client that speaks TLS. */
  get agreed(): { cipher: string[], fingerprint: string } {
    const socket = this.socket as TLSSocket
    const { standardName, name } = socket.getCipher()
    return { cipher: [standardName, name], fingerprint: socket.getPeerCertificate().fingerprint256 }
  }

  /** Whether it speaks TLS. */
  get secure(): boolean {
    return this.socket !== this.carrier
  }

  /** All that it has sent since its story began. */
  get sent(): Buffer {
    return Buffer.concat(this.steps.flatMap(step => 'sent' in step ? step.sent : []))
  }

  /** How many bytes its story has given it to send, and how many of them have not left it yet, as far as it knows. */
  get given(): { bytes: number, left: number } {
    return { bytes: this.socket.bytesWritten - this.before, left: this.socket.writableLength }
  }

  /** How many bytes have come since its story began. */
  get heard(): number {
    return this.taken.reduce((sum, piece) => sum + piece.length, this.length)
  }

  /** How many bytes the kernel has given us since it connected; a client that does not read gets some at first. */
  get read(): number {
    return this.carrier.bytesRead
  }

  /** What has come and was not asked for yet. */
  get pending(): Buffer {
    return Buffer.concat(this.chunks)
  }

  /** Whether it is still open in both directions, as far as it knows. */
  get open(): boolean {
    return !this.ended && this.error === undefined && !this.socket.destroyed
  }

  /** A new story on the same connection: what came before is not repeated to the reader. */
  anew(): void {
    this.steps.length = 0
    this.taken.length = 0
    this.before = this.socket.bytesWritten
  }

  /** Hands bytes to the kernel; resolves when the kernel has taken them. */
  async send(data: string | Buffer): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
    this.steps.push({ sent: bytes })
    await new Promise<void>(resolve => this.socket.write(bytes, () => resolve()))
  }

  /** Sends without waiting, and says whether the kernel still takes more (see net.Socket.write). */
  push(data: Buffer): boolean {
    return this.socket.write(data)
  }

  /** Resolves to false when the kernel has not taken everything within `ms`. */
  async drained(ms: number): Promise<boolean> {
    if (!this.socket.writableNeedDrain) return true
    return await once(this.socket, 'drain', { signal: AbortSignal.timeout(ms) }).then(() => true, () => false)
  }

  /** Stops reading, so that what the server sends piles up. */
  pause(): void {
    this.steps.push({ late: true })
    this.socket.pause()
  }

  /** Reads on. */
  resume(): void {
    this.socket.resume()
  }

  /** Says that no more will be sent (a FIN), and goes on receiving. */
  end(): void {
    this.steps.push({ ended: true })
    this.socket.end()
  }

  /** Leaves at once. */
  destroy(): void {
    this.socket.destroy()
  }

  /** Leaves at once and without a FIN: the kernel sends an RST, and forgets what was still to be sent. */
  reset(): void {
    // What it carried ends with it. Node 20 crashes when both are destroyed in one go.
    this.carrier.resetAndDestroy()
  }

  /**
   * Leaves as a client should: says that it will send no more, and reads on until the server has said
   * the same. A server that never does is left after `ms`.
   * @returns whether it had to be torn away, which resets the connection
   */
  async leave(ms: number): Promise<boolean> {
    if (this.socket.destroyed) return false
    this.socket.resume().end()
    await this.until(() => !this.open, ms)
    const isTorn = this.open
    this.socket.destroy()
    return isTorn
  }

  /**
   * Waits until exactly these bytes have come.
   * @throws Failure at the first byte that differs, when they do not come in time, or the connection ends before
   */
  async receives(expected: string | Buffer): Promise<void> {
    const wanted = typeof expected === 'string' ? Buffer.from(expected, 'utf8') : expected
    await this.until(() => this.length >= wanted.length || !this.open, DEADLINES.silence * this.patience)
    const bytes = this.pending
    this.steps.push({ waitedFor: wanted.length })
    if (bytes.length < wanted.length) throw this.tooLittle(bytes, wanted)
    if (!bytes.subarray(0, wanted.length).equals(wanted)) {
      // The rest of a wrong answer says how it came about.
      await this.anything(REST)
      expectBytes(this.whole(this.pending), this.whole(wanted), this)
    }
    this.chunks = [bytes.subarray(wanted.length)]
    this.length = bytes.length - wanted.length
    this.taken.push(wanted)
  }

  /** @throws Failure when more has come than was asked for, of a client that has asked at all */
  expectNoMore(): void {
    if (this.length === 0 || this.taken.length === 0) return
    expectBytes(this.whole(this.pending), this.whole(), this)
  }

  /**
   * Waits until exactly these bytes have come and the other side has ended its side.
   * @throws Failure at the first byte that differs, when the end does not come in time, or with a reset
   */
  async receivesToEnd(expected: string | Buffer): Promise<void> {
    const wanted = typeof expected === 'string' ? Buffer.from(expected, 'utf8') : expected
    await this.until(() => !this.open, DEADLINES.silence * this.patience)
    const bytes = this.pending
    if (bytes.length < wanted.length || this.error) throw this.tooLittle(bytes, wanted)
    this.chunks = []
    this.length = 0
    expectBytes(this.whole(bytes), this.whole(wanted), this)
    this.taken.push(bytes)
    if (this.ended) return
    throw new Failure('stays-open', 'the client has ended its side, everything has come back, and your server does not end its own', {
      peer: this, received: this.whole(), expected: this.whole(), since: this.asked,
    })
  }

  /**
   * Waits until the other side has ended its side, whatever it says before.
   * @param ms how long it may be silent
   * @returns all that has come
   * @throws Failure when the end does not come in time, or with a reset
   */
  async answer(ms: number): Promise<Buffer> {
    await this.until(() => !this.open, ms * this.patience)
    const received = this.pending
    if (this.error) throw new Failure('broke', `the connection broke (${this.error.code}), and ${received.length} bytes had come`, { peer: this })
    if (this.ended) return received
    throw received.length === 0
      ? new Failure('silence', 'nothing comes back', { peer: this, since: this.asked })
      : new Failure('stays-open', 'an answer has come, and your server does not end its side after it', { peer: this, received, since: this.asked })
  }

  /** Waits until more has come, or the end. */
  async anything(ms: number): Promise<void> {
    const before = this.length
    await this.until(() => this.length > before || !this.open, ms * this.patience)
  }

  /** What its story has sent and got: with what has come as it should, a reader can compare the two. */
  private whole(rest: Buffer = Buffer.alloc(0)): Buffer {
    return Buffer.concat([...this.taken, rest])
  }

  private tooLittle(come: Buffer, wanted: Buffer): Failure {
    const received = this.whole(come)
    const expected = this.whole(wanted)
    const evidence = { peer: this, received, expected, since: this.asked }
    const got = `${received.length} of ${expected.length} bytes have come back`
    // What came may be wrong already, and that is nearer to the mistake than what is missing.
    const same = received.equals(expected.subarray(0, received.length))
    const fail = (kind: FailureKind, message: string) => new Failure(kind, message, evidence)
    if (this.error) return fail('broke', `the connection broke (${this.error.code}); ${got}`)
    if (this.ended) return fail('closed', `your server has closed the connection, and only ${got}`)
    if (!same) return fail('differs', `other bytes came back, and fewer: ${got}`)
    return fail('silence', received.length === 0 ? 'nothing comes back' : `no more comes back: ${got}`)
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake()
  }

  /** Waits while bytes come; gives up after so long without one, and after some seconds in any case. */
  private async until(condition: () => boolean, silence: number): Promise<void> {
    const last = Date.now() + Math.max(silence, DEADLINES.answer * this.patience)
    this.cameAt = Date.now()
    this.asked = performance.now()
    while (!condition()) {
      const left = Math.min(this.cameAt + silence, last) - Date.now()
      if (left <= 0) return
      await new Promise<void>(resolve => {
        const wake = () => {
          clearTimeout(timer)
          this.waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, left)
        this.waiting.add(wake)
      })
    }
  }
}

// What is no word of the network is a mistake of ours, and must not be told as one of the reader's.
function refusal(error: NodeJS.ErrnoException, where: string, { ms, since }: { ms: number, since: number }): Error {
  const { code, name, syscall } = error
  if (code === 'EMFILE') {
    throw new Problem('this terminal lets a program open too few files at once', { remedy: 'Open a new terminal: what ulimit -n has taken away does not come back in this one.' })
  }
  if (code === 'ECONNREFUSED') return new Failure('no-connection', `nothing listens on ${where}: the connection was refused`, { certain: true })
  if (name === 'AbortError') return new Failure('no-connection', `no connection to ${where} came about within ${ms / 1000} s`, { since })
  return syscall === 'connect' ? new Failure('no-connection', `no connection to ${where} came about (${code})`) : error
}

// In milliseconds.
const REST = 100
