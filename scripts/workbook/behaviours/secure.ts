import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { Failure } from './failure.ts'
import { DEADLINES } from './setting.ts'

/** How a client in the checker's hand speaks TLS; anything goes unless said otherwise. */
export type SecureOptions = Pick<ConnectionOptions, 'minVersion' | 'maxVersion' | 'ciphers' | 'cert' | 'key' | 'servername'>

/**
 * Shakes hands over a connection that is there. Whom the server's certificate names, and who has signed it,
 * is for stories to ask.
 * @throws Failure when no handshake comes about
 */
export async function secure(carrier: Duplex, options: SecureOptions, patience: number): Promise<TLSSocket> {
  // A client that half-closes needs to say so twice: here, and for what carries it.
  const socket = connect({ socket: carrier, rejectUnauthorized: false, allowHalfOpen: true, ...options } as ConnectionOptions)
  const ms = Math.round(DEADLINES.handshake * patience)
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ms) })
    return socket
  } catch (error) {
    socket.destroy()
    carrier.destroy()
    throw explained(error as NodeJS.ErrnoException, ms)
  }
}

function explained({ code, name, message }: NodeJS.ErrnoException, ms: number): Failure {
  if (name === 'AbortError') return new Failure('no-handshake', `connected, but no TLS handshake came about within ${ms / 1000} s`)
  // OpenSSL puts its own place in front: "error:0A00010B:SSL routines::wrong version number".
  const reason = code?.startsWith('ERR_SSL') ? message.split(':').slice(0, 5).at(4) ?? code : code ?? message
  return new Failure('no-handshake', `connected, but no TLS handshake came about (${reason})`)
}
