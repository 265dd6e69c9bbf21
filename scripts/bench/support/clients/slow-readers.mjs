import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { resident, withServer } from './server.mjs'

// slow-readers.mjs PORT ROUNDS CLIENTS BYTES COMMANDS: starts each server (a JSON array of command lines)
// in turn, lets clients send up to BYTES each that never read, and prints for each server a list of
// rounds: how many bytes its process has resident for each client when nothing moves any more. It runs
// in a network of its own, whose kernel is told to buffer little: what is asked is what the program holds.

const [port, rounds, count, most, commands] = process.argv.slice(2).map(word => JSON.parse(word))

const BLOCK = Buffer.alloc(65_536, 'x')
const LITTLE = '4096 65536 65536'
const STILL = 1000

for (const name of ['tcp_rmem', 'tcp_wmem']) writeFileSync(`/proc/sys/net/ipv4/${name}`, LITTLE)
const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await withServer(argv, answers, measure))
}
console.log(JSON.stringify(samples))
process.exit()

async function measure(pid) {
  const clients = []
  try {
    const before = resident(pid)
    for (let left = count; left > 0; left -= 50) {
      clients.push(...await Promise.all(Array.from({ length: Math.min(50, left) }, greedy)))
    }
    // What they have sent grows until all buffers are full, or all is sent.
    for (let sent = -1, now = sum(clients); now !== sent; now = sum(clients)) {
      sent = now
      await new Promise(resolve => setTimeout(resolve, STILL))
    }
    return (resident(pid) - before) / count
  } finally {
    for (const { conn } of clients) conn.destroy()
  }
}

async function answers() {
  const conn = connect({ port, host: '127.0.0.1' })
  conn.end('Hello\n')
  try {
    for await (const data of conn) if (data.length > 0) return true
  } catch { /* not yet */ }
  return false
}

async function greedy() {
  const conn = connect({ port, host: '127.0.0.1' })
  const client = { conn, sent: 0 }
  conn.on('error', () => {})
  await once(conn, 'connect')
  const send = () => {
    if (client.sent >= most) return
    conn.write(BLOCK, () => {
      client.sent += BLOCK.length
      send()
    })
  }
  send()
  return client
}

function sum(clients) {
  return clients.reduce((total, { sent }) => total + sent, 0)
}
