import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { inspect } from 'node:util'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345
const PATIENCE = 3000

async function connectToServer(): Promise<Socket> {
  const conn = connect({ host: SERVER_NAME, port: SERVER_PORT })
  conn.setTimeout(PATIENCE, () => {
    console.error(`No answer for ${PATIENCE} ms: gave up`)
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

function explain({ code, message }: NodeJS.ErrnoException): string {
  if (code !== 'ECONNREFUSED') return message
  return `Nobody listens on port ${SERVER_PORT}: start the server first`
}

try {
  const conn = await connectToServer()
  const answer = await sendAndReceive(conn, process.argv[2] ?? 'Hello')
  const text = inspect(answer.toString(), { breakLength: Infinity })
  console.log(`Received: ${text}`)
} catch (error) {
  console.error(explain(error as NodeJS.ErrnoException))
  process.exitCode = 1
}
