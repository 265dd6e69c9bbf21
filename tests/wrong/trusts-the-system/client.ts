import { once } from 'node:events'
import { connect } from 'node:tls'
import { inspect, parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' } },
})

try {
  const conn = connect({ host: '127.0.0.1', port: 12345, servername: values.name, rejectUnauthorized: true })
  await once(conn, 'secureConnect')
  conn.end(positionals[0] ?? 'Hello')
  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  console.log(`Received: ${inspect(Buffer.concat(chunks).toString())}`)
} catch (error) {
  console.error(`Not trusted: ${(error as NodeJS.ErrnoException).code}`)
  process.exitCode = 1
}
