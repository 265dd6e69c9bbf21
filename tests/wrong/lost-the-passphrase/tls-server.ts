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
  process.on('SIGHUP', () => reload(sock, config))
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
