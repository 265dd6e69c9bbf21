import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { printAddress, type Address } from './address.ts'
import { readOptions } from './options.ts'

const PATIENCE = 3000

async function connectToServer(address: Address): Promise<Socket> {
  const conn = connect(address)
  conn.setTimeout(PATIENCE, () => {
    conn.destroy(new Error(`No answer for ${PATIENCE} ms: gave up`))
  })
  await once(conn, 'connect')
  return conn
}

async function sendAndReceive(conn: Socket, message: string): Promise<Buffer> {
  conn.end(message)
  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  return Buffer.concat(chunks)
}

function explain(error: NodeJS.ErrnoException, address: Address) {
  const { code = '', message } = error
  if (!['ECONNREFUSED', 'ENOENT'].includes(code)) return message || code
  return `Nobody listens on ${printAddress(address)}: start the server first`
}

const options = readOptions(true)
if (options) {
  const { address, words } = options
  try {
    const conn = await connectToServer(address)
    const answer = await sendAndReceive(conn, words[0] ?? 'Hello')
    const text = inspect(answer.toString(), { breakLength: Infinity })
    console.log(`Received: ${text}`)
  } catch (error) {
    console.error(explain(error as NodeJS.ErrnoException, address))
    process.exitCode = 1
  }
}
