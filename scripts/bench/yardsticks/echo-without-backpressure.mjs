import { createServer } from 'node:net'

// The yardstick of the slow readers: echo-without-backpressure.mjs PORT, which writes whatever comes and
// asks nobody whether it went on.

createServer({ allowHalfOpen: true }, conn => {
  conn.on('data', data => conn.write(data))
  conn.on('end', () => conn.end())
  conn.on('error', () => conn.destroy())
}).listen(Number(process.argv[2]), '127.0.0.1')
