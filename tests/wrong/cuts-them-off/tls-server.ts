import type { Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { unlock } from './passphrase.ts'
import { buildServerTlsOptions, type TlsConfig } from './tls-options.ts'

export async function createTlsServer(
  config: TlsConfig, seconds: number,
): Promise<Server> {
  const unlocked = await unlock(config)
  const sock = createServer({
    ...buildServerTlsOptions(unlocked),
    handshakeTimeout: seconds * 1000,
  })
  const clients = new Set<Socket>()
  sock.on('secureConnection', conn => {
    clients.add(conn.once('close', () => clients.delete(conn)))
  })
  process.on('SIGHUP', () => {
    reload(sock, unlocked)
    for (const conn of clients) conn.end()
  })
  return sock
}

function reload(sock: Server, config: TlsConfig): void {
  try {
    sock.setSecureContext(buildServerTlsOptions(config))
    console.log(`SIGHUP: from now on ${config.certFile} as it is now`)
  } catch (error) {
    console.log(`SIGHUP: nothing has changed. ${(error as Error).message}`)
  }
}
