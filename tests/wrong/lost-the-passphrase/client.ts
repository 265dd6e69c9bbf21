import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:tls'
import { inspect } from 'node:util'
import { printAddress } from './address.ts'
import { readOptions, type Options } from './options.ts'
import { readCa, readPapers } from './papers.ts'
import { unlock } from './passphrase.ts'

const PATIENCE = 3000
const CURES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'get it from its owner (--ca)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'get the CA from its owner (--ca)',
  SELF_SIGNED_CERT_IN_CHAIN: 'get the CA from its owner (--ca)',
  CERT_HAS_EXPIRED: 'its owner has to renew it',
  CERT_NOT_YET_VALID: 'set the clock, or wait',
  ERR_TLS_CERT_ALTNAME_INVALID: 'use one of its names (--name)',
}

async function connectToServer(options: Options): Promise<Socket> {
  const { address, tls, name } = options
  const { passphrase } = await unlock(tls)
  const { certFile: cert, keyFile: key, caFile, caPath } = tls
  const ca = readCa(caFile, caPath)
  const trust = { ca, servername: name, rejectUnauthorized: true }
  const papers = readPapers({ cert, key, passphrase })
  const conn = connect({ ...address, ...trust, ...papers })
  conn.setTimeout(PATIENCE, () => {
    conn.destroy(new Error(`No answer for ${PATIENCE} ms: gave up`))
  })
  await once(conn, 'secureConnect')
  return conn
}

async function sendAndReceive(conn: Socket, message: string): Promise<Buffer> {
  conn.end(message)
  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  return Buffer.concat(chunks)
}

function explain(error: NodeJS.ErrnoException, { address }: Options) {
  const { code = '', message } = error
  if (CURES[code]) return `Not trusted (${code}): ${CURES[code]}`
  const place = printAddress(address)
  if (code.startsWith('ERR_SSL')) return `No TLS with ${place} (${code})`
  if (!['ECONNREFUSED', 'ENOENT'].includes(code)) return message || code
  return `Nobody listens on ${place}: start the server first`
}

const options = readOptions(true)
if (options) {
  const { words } = options
  try {
    const conn = await connectToServer(options)
    const answer = await sendAndReceive(conn, words[0] ?? 'Hello')
    const text = inspect(answer.toString(), { breakLength: Infinity })
    console.log(`Received: ${text}`)
  } catch (error) {
    console.error(explain(error as NodeJS.ErrnoException, options))
    process.exitCode = 1
  }
}
