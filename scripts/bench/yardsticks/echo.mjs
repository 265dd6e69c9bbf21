import { createServer } from 'node:net'
import { inspect } from 'node:util'

// The yardstick of the echo servers: echo.mjs PORT [silent], with callbacks, as the first example of any
// manual has it. It prints the lines that the lessons' programs print, unless it is told to be silent.

const [port, silent] = process.argv.slice(2)
const say = silent ? () => {} : words => console.log(words())

createServer({ allowHalfOpen: true }, conn => {
  say(() => `Received new connection from ${conn.remoteAddress}:${conn.remotePort}`)
  conn.on('data', data => {
    say(() => `Received: ${inspect(data.toString('latin1'), { breakLength: Infinity })}`)
    if (conn.write(data)) return
    conn.pause()
    conn.once('drain', () => conn.resume())
  })
  conn.on('end', () => conn.end())
  conn.on('error', () => conn.destroy())
}).listen(Number(port), '127.0.0.1')
