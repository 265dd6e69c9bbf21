import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

// load.mjs PORT ROUNDS IDLE COMMANDS: starts each echo server (a JSON array of command lines) in turn, as
// often as ROUNDS says, puts the same work to it, and prints for each a list of rounds: of each work the
// milliseconds that it took by the clock and of the server's processor, and in bytes what it holds for each
// of IDLE (an array) idle clients. It runs in a network of its own together with what it starts.

const [port, rounds, idle, commands] = process.argv.slice(2).map(word => JSON.parse(word))

const CALLS = 3000
const CALLERS = 4
const TRIPS = 20_000
const BYTES = 128 * 1024 * 1024
const WORD = Buffer.from('Hello\n')
// For what hangs: a machine that does much else takes minutes for what takes seconds.
const DEADLINE = 240_000

let running
process.on('SIGTERM', () => {
  if (running) process.kill(-running.pid, 'SIGKILL')
  process.exit(1)
})

const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await measure(argv))
}
console.log(JSON.stringify(samples))

async function measure(argv) {
  const times = await withServer(argv, async pid => {
    // The first hundreds of each go to a program that is not warm yet.
    await calls(CALLS / 2)
    const took = work => timed(pid, work)
    return { calls: await took(() => calls(CALLS)), trips: await took(trips), bytes: await took(bytes) }
  })
  // A process that has worked has room left for clients: another one is asked what they cost.
  return { ...times, idle: idle.length === 0 ? [] : await withServer(argv, idleClients) }
}

async function withServer([file, ...args], work) {
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  running = child
  const exited = once(child, 'exit')
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), DEADLINE)
  try {
    while (!await call(WORD).catch(() => false)) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    return await work(child.pid)
  } finally {
    clearTimeout(timer)
    process.kill(-child.pid, 'SIGKILL')
    await exited
    running = undefined
  }
}

async function timed(pid, work) {
  const [begin, before] = [performance.now(), processorTime(pid)]
  await work()
  return { clock: performance.now() - begin, processor: processorTime(pid) - before }
}

/** A whole visit: connects, says a word, ends its side, and reads to the end. */
async function call(word) {
  const conn = connect({ port, host: '127.0.0.1' })
  conn.end(word)
  let length = 0
  for await (const data of conn) length += data.length
  if (length !== word.length) throw new Error(`${length} of ${word.length} bytes came back`)
  return true
}

/** No more at a time than the accept queue of the first lessons holds. */
async function calls(count) {
  let left = count
  await Promise.all(Array.from({ length: CALLERS }, async () => {
    while (left-- > 0) await call(WORD)
  }))
}

/** One client that waits for each answer before it asks again. */
async function trips() {
  const conn = await connected()
  for (let trip = 0; trip < TRIPS; trip++) {
    conn.write(WORD)
    for (let length = 0; length < WORD.length;) length += (await once(conn, 'data'))[0].length
  }
  await leave(conn)
}

/** One client that sends and reads as fast as it can. */
async function bytes() {
  await call(Buffer.alloc(BYTES, 'Hello'))
}

/** What each of so many clients costs who have spoken once and now say nothing; Linux only. */
async function idleClients(pid) {
  const before = resident(pid)
  const costs = []
  const clients = []
  for (const count of idle) {
    while (clients.length < count) {
      const wave = await Promise.all(Array.from({ length: Math.min(50, count - clients.length) }, async () => {
        const conn = await connected()
        conn.write(WORD)
        await once(conn, 'data')
        return conn
      }))
      clients.push(...wave)
    }
    costs.push((resident(pid) - before) / count)
  }
  for (const conn of clients) conn.destroy()
  return costs
}

async function connected() {
  const conn = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(conn, 'connect')
  return conn
}

async function leave(conn) {
  conn.end()
  await once(conn.resume(), 'close')
}

/** Of all threads of the server, with what the kernel does for it; in milliseconds. Linux only. */
function processorTime(pid) {
  return readdirSync(`/proc/${pid}/task`)
    .reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
}

function resident(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}
