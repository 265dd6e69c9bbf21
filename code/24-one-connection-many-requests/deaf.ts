import { once } from 'node:events'
import { connect } from 'node:net'

const SIZE = 20_000_000
const conn = connect(12345, '127.0.0.1')

try {
  conn.pause()
  conn.write(`POST / HTTP/1.1\r\nContent-Length: ${SIZE}\r\n\r\n`)
  conn.write(Buffer.alloc(SIZE))
  await once(conn, 'drain')
  console.log(`Sent ${SIZE} bytes`)
  conn.resume()
  const [answer] = await once(conn, 'data')
  console.log(String(answer).split('\r\n')[0])
} catch (error) {
  console.log((error as Error).message)
  process.exitCode = 1
}
conn.destroy()
