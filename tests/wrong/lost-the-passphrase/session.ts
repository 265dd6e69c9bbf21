import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { printAddress } from './address.ts'

export interface Session {
  peer: string
  name: string | undefined
}

export function sessionOf(conn: TLSSocket): Session {
  const [name] = [conn.getPeerCertificate()?.subject?.CN].flat()
  return { peer: peerOf(conn), name }
}

export function peerOf({ remoteAddress: host, remotePort: port = 0 }: Socket) {
  return host ? printAddress({ host, port }) : 'an unnamed socket'
}

export function turnAway(conn: Socket, words: string): void {
  console.log(`Turned away ${peerOf(conn)}`)
  conn.on('error', () => {})
  conn.end(`${words}\n`)
  setTimeout(() => conn.destroy(), 1000)
}
