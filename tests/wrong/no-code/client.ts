import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
import { inspect, parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ca: { type: 'string', default: 'certs/server.crt' }, name: { type: 'string' } },
})

try {
  const ca = readFileSync(values.ca)
  const conn = connect({ host: '127.0.0.1', port: 12345, ca, servername: values.name, rejectUnauthorized: true })
  await once(conn, 'secureConnect')
  conn.end(positionals[0] ?? 'Hello')
  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  console.log(`Received: ${inspect(Buffer.concat(chunks).toString())}`)
} catch (error) {
  console.error(`Not trusted: ${(error as NodeJS.ErrnoException).message}`)
  process.exitCode = 1
}
