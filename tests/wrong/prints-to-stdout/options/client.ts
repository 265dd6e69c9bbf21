import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { readOptions, type Options } from './options.ts'

const PATIENCE = 3000

async function connectToServer({ host, port }: Options): Promise<Socket> {
  const conn = connect({ host, port })
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

function explain(error: NodeJS.ErrnoException, { port }: Options) {
  const { code, message } = error
  if (code !== 'ECONNREFUSED') return message || code
  return `Nobody listens on port ${port}: start the server first`
}

const options = readOptions(true)
if (options) {
  try {
    const conn = await connectToServer(options)
    const answer = await sendAndReceive(conn, options.words[0] ?? 'Hello')
    const text = inspect(answer.toString(), { breakLength: Infinity })
    console.log(`Received: ${text}`)
  } catch (error) {
    console.error(explain(error as NodeJS.ErrnoException, options))
    process.exitCode = 1
  }
}
