import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Transform, type Readable, type Writable } from 'node:stream'
import type { NcOptions } from './options.ts'

/** The terminal's side of a conversation. */
export interface Terminal {
  input: Readable
  output: Writable
}

type RelayOptions = Pick<NcOptions, 'crlf' | 'detached' | 'halfClose' | 'linger' | 'listen' | 'timeout'>

/**
 * Carries bytes between the terminal and a connection, both ways, until nc would stop:
 * both inputs have ended; or the peer has, when listening; or the connection broke; or nothing
 * moved for the -w seconds. The end of the terminal's input alone ends nothing: without -N the peer
 * is not even told.
 *
 * The connection must allow half-open. It is closed at the end; the terminal's side stays as it is.
 */
export async function relay(conn: Socket, { input, output }: Terminal, options: RelayOptions): Promise<void> {
  const over = new AbortController()
  const outcome = await new Promise<'ended' | 'broken'>(resolve => {
    let inputEnded = options.detached || input.readableEnded || input.destroyed
    let peerEnded = false
    const look = () => {
      if (peerEnded && (inputEnded || options.listen)) resolve('ended')
    }
    const listen = (emitter: EventEmitter, event: string, then: () => void) => {
      emitter.on(event, then)
      over.signal.addEventListener('abort', () => emitter.off(event, then))
    }

    // A peer that breaks the connection is no failure of nc's.
    conn.on('error', () => resolve('broken'))
    conn.on('close', () => resolve('broken'))
    conn.on('end', () => {
      peerEnded = true
      look()
      watchForReset(conn, over.signal)
    })
    // Nobody reads what the peer says any more: its bytes are let go, and it counts as ended.
    listen(output, 'error', () => {
      conn.unpipe(output)
      conn.resume()
      peerEnded = true
      look()
    })
    listen(input, 'end', () => {
      inputEnded = true
      look()
    })
    if (options.timeout !== undefined) conn.setTimeout(options.timeout * 1000, () => resolve('broken'))

    conn.pipe(output, { end: false })
    if (!inputEnded) (options.crlf ? input.pipe(crlf()) : input).pipe(conn, { end: options.halfClose })
    else if (options.halfClose && !options.detached) conn.end()
  })

  over.abort()
  input.unpipe()
  input.pause()
  if (outcome === 'ended') await flushed(conn)
  if (options.linger > 0) await new Promise(resolve => setTimeout(resolve, options.linger * 1000))
  conn.unpipe(output)
  conn.destroy()
}

/** Waits until what was written has left the process. Like nc it waits for ever if the peer never reads. */
async function flushed(conn: Socket): Promise<void> {
  if (conn.destroyed || conn.writableLength === 0) return
  await new Promise<void>(resolve => {
    conn.once('close', resolve)
    conn.once('finish', resolve)
    conn.end()
  })
}

/**
 * After the peer's end Node does not look at the connection until it writes, so the reset that answers
 * a line would show only at the line after it; nc polls. A write of no bytes puts nothing on the
 * wire, and the kernel answers it with EPIPE once the connection is broken.
 */
function watchForReset(conn: Socket, over: AbortSignal): void {
  const timer = setInterval(() => {
    if (conn.writable && conn.writableLength === 0) conn.write(NOTHING)
  }, RESET_POLL_MS)
  over.addEventListener('abort', () => clearInterval(timer))
}

const NOTHING = Buffer.alloc(0)
const RESET_POLL_MS = 50

/** -C: a line feed without a carriage return before it gets one. */
function crlf(): Transform {
  let last: number | undefined
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const bytes: number[] = []
      for (const byte of chunk) {
        if (byte === 0x0a && last !== 0x0d) bytes.push(0x0d)
        bytes.push(byte)
        last = byte
      }
      done(null, Buffer.from(bytes))
    },
  })
}
