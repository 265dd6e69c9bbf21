import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { Failure } from '../explain/failure.ts'
import { DEADLINES } from '../setting.ts'

/** How a client in the checker's hand speaks TLS; anything goes unless said otherwise. */
export interface SecureOptions extends Pick<
  ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers' | 'cert' | 'key' | 'servername' | 'secureContext'
> {
  /** Each byte travels alone: what TLS sends as one record arrives in many pieces. */
  inBytes?: true
}

/**
 * Shakes hands over a connection that is there. Whom the server's certificate names, and who has signed it,
 * is for stories to ask.
 * @throws Failure when no handshake comes about
 */
export async function secure(
  carrier: Socket, { inBytes, ...options }: SecureOptions, patience: number,
): Promise<TLSSocket> {
  const more = { socket: inBytes ? byteByByte(carrier) : carrier, rejectUnauthorized: false, allowHalfOpen: true }
  const socket = connect({ ...more, ...options } as ConnectionOptions)
  const ms = Math.round(DEADLINES.handshake * patience)
  const since = performance.now()
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ms) })
    return socket
  } catch (error) {
    socket.destroy()
    throw explained(error as NodeJS.ErrnoException, ms, since)
  }
}

function byteByByte(carrier: Socket): Duplex {
  const slow = new Duplex({
    allowHalfOpen: true,
    read: () => { carrier.resume() },
    write(chunk: Buffer, _, done) {
      const send = async () => {
        for (const byte of chunk) await new Promise(resolve => carrier.write(Buffer.of(byte), resolve))
      }
      send().then(() => done(), done)
    },
    final: done => { carrier.end(done) },
    destroy(error, done) {
      carrier.destroy()
      done(error)
    },
  })
  carrier.on('data', data => { if (!slow.push(data)) carrier.pause() })
  carrier.on('end', () => slow.push(null))
  carrier.on('error', error => slow.destroy(error))
  return slow
}

function explained(error: NodeJS.ErrnoException & { reason?: string }, ms: number, since: number): Failure {
  const { code, name, message, reason } = error
  const why = name === 'AbortError' ? `within ${ms / 1000} s` : `(${reason ?? code ?? message})`
  return new Failure('no-handshake', `a client connected, and no TLS handshake came about ${why}`, {
    // It has said why, and that is no matter of time.
    ...reason === undefined ? { since } : { certain: true },
  })
}
