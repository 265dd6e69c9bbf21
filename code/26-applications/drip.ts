import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'

const size = Number(process.argv[2] ?? 1)
const conn = connect(12345, '127.0.0.1')
conn.setNoDelay(true)
conn.pipe(process.stdout)
conn.on('error', ({ message }) => {
  console.error(message)
  process.exit(1)
})
conn.on('end', () => process.exit())

for await (const text of process.stdin.setEncoding('latin1')) {
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
  for (let at = 0; at < bytes.length; at += size) {
    conn.write(bytes.subarray(at, at + size))
    await setTimeout(5)
  }
}
conn.end()
