import { once } from 'node:events'
import { connect } from 'node:net'
import { connected, resident, timed, withServer } from './server.mjs'

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

const answers = () => call(WORD)

const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await measure(argv))
}
console.log(JSON.stringify(samples))

async function measure(argv) {
  const times = await withServer(argv, answers, async pid => {
    // The first hundreds of each go to a program that is not warm yet.
    await calls(CALLS / 2)
    const took = work => timed(pid, work)
    return { calls: await took(() => calls(CALLS)), trips: await took(trips), bytes: await took(bytes) }
  })
  // A process that has worked has room left for clients: another one is asked what they cost.
  return { ...times, idle: idle.length === 0 ? [] : await withServer(argv, answers, idleClients) }
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
  const conn = await connected(port)
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
        const conn = await connected(port)
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

async function leave(conn) {
  conn.end()
  await once(conn.resume(), 'close')
}
