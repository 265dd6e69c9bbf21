import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Failure } from './failure.ts'

/** Deadlines in milliseconds for what the other side has to do. */
const DEADLINES = { connect: 5000, receive: 5000, close: 5000 }

/** A client in the checker's hand: every byte it sends and receives is kept. */
export class Peer {
  readonly sent: Buffer[] = []
  private readonly socket: Socket
  private received: Buffer[] = []
  private length = 0
  private ended = false
  private error: NodeJS.ErrnoException | undefined
  private wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', data => {
      this.received.push(data)
      this.length += data.length
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
   * Connects.
   * @throws Failure when nobody listens there, or nobody answers in time
   */
  static async connect(port: number, ms = DEADLINES.connect): Promise<Peer> {
    const host = '127.0.0.1'
    const socket = connect({ host, port, allowHalfOpen: true })
    const peer = new Peer(socket)
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(ms) })
    } catch (error) {
      socket.destroy()
      const { code } = error as NodeJS.ErrnoException
      throw new Failure(code === 'ECONNREFUSED'
        ? `nothing listens on ${host} port ${port}: the connection was refused`
        : `no connection to ${host} port ${port} came about (${code})`)
    }
    return peer
  }

  /** Its own port, as the server sees it. */
  get port(): number {
    return this.socket.localPort ?? 0
  }

  /** Hands bytes to the kernel; resolves when the kernel has taken them. */
  async send(data: string | Buffer): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    this.sent.push(bytes)
    await new Promise<void>(resolve => this.socket.write(bytes, () => resolve()))
  }

  /** Sends without waiting, and says whether the kernel still takes more (see net.Socket.write). */
  push(data: Buffer): boolean {
    this.sent.push(data)
    return this.socket.write(data)
  }

  /** Resolves to false when the kernel takes nothing more for `ms`. */
  async drained(ms: number): Promise<boolean> {
    return await once(this.socket, 'drain', { signal: AbortSignal.timeout(ms) }).then(() => true, () => false)
  }

  /** Stops reading, so that what the server sends piles up. */
  pause(): void {
    this.socket.pause()
  }

  /** Says that no more will be sent (a FIN), and goes on receiving. */
  end(): void {
    this.socket.end()
  }

  /** Leaves in a way that the other side notices at once: with a reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  destroy(): void {
    this.socket.destroy()
  }

  /**
   * The next `count` bytes.
   * @throws Failure when they do not come in time, or the connection ends before
   */
  async receive(count: number, ms = DEADLINES.receive): Promise<Buffer> {
    await this.until(() => this.length >= count || this.ended || this.error !== undefined, ms)
    const bytes = Buffer.concat(this.received)
    if (bytes.length < count) throw this.tooLittle(bytes)
    this.received = [bytes.subarray(count)]
    this.length = bytes.length - count
    return bytes.subarray(0, count)
  }

  /**
   * All bytes up to the end that the other side makes.
   * @throws Failure when it makes none in time, or resets
   */
  async receiveToEnd(ms = DEADLINES.close): Promise<Buffer> {
    await this.until(() => this.ended || this.error !== undefined, ms)
    const bytes = Buffer.concat(this.received)
    if (this.error) throw this.tooLittle(bytes)
    if (!this.ended) {
      throw new Failure(`the client has ended its side and your server has not closed the connection within ${ms / 1000} s`, {
        received: bytes,
      })
    }
    this.received = []
    this.length = 0
    return bytes
  }

  private tooLittle(received: Buffer): Failure {
    const sent = this.sent.reduce((sum, data) => sum + data.length, 0)
    const got = `${received.length} bytes of the ${sent} that were sent came back`
    if (this.error) return new Failure(`the connection broke (${this.error.code}); ${got}`, { received })
    if (this.ended) return new Failure(`your server closed the connection too soon; ${got}`, { received })
    return new Failure(`silence: ${got}, and the client is still open and waits`, { received })
  }

  private async until(condition: () => boolean, ms: number): Promise<void> {
    const deadline = Date.now() + ms
    while (!condition()) {
      const left = deadline - Date.now()
      if (left <= 0) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}
