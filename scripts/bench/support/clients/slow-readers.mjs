import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'

// slow-readers.mjs PORT ROUNDS CLIENTS BYTES COMMANDS: starts each server (a JSON array of command lines)
// in turn, lets clients send up to BYTES each that never read, and prints for each server a list of
// rounds: how many bytes its process has resident for each client when nothing moves any more. It runs
// in a network of its own, whose kernel is told to buffer little: what is asked is what the program holds.

const [port, rounds, count, most, commands] = process.argv.slice(2).map(word => JSON.parse(word))

const BLOCK = Buffer.alloc(65_536, 'x')
const LITTLE = '4096 65536 65536'
const STILL = 1000
const DEADLINE = 60_000

let running
process.on('SIGTERM', () => {
  if (running) process.kill(-running.pid, 'SIGKILL')
  process.exit(1)
})

for (const name of ['tcp_rmem', 'tcp_wmem']) writeFileSync(`/proc/sys/net/ipv4/${name}`, LITTLE)
const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await measure(argv))
}
console.log(JSON.stringify(samples))
process.exit()

async function measure([file, ...args]) {
  const child = running = spawn(file, args, { stdio: 'ignore', detached: true })
  const exited = once(child, 'exit')
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), DEADLINE)
  const clients = []
  try {
    while (!await answers()) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    const before = resident(child.pid)
    for (let left = count; left > 0; left -= 50) {
      clients.push(...await Promise.all(Array.from({ length: Math.min(50, left) }, greedy)))
    }
    // What they have sent grows until all buffers are full, or all is sent.
    for (let sent = -1, now = sum(clients); now !== sent; now = sum(clients)) {
      sent = now
      await new Promise(resolve => setTimeout(resolve, STILL))
    }
    return (resident(child.pid) - before) / count
  } finally {
    clearTimeout(timer)
    process.kill(-child.pid, 'SIGKILL')
    await exited
    for (const { conn } of clients) conn.destroy()
    running = undefined
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

function resident(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}
