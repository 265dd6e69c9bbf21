import { once } from 'node:events'
import { connected, resident, timed, withServer } from './server.mjs'

// http-load.mjs PORT ROUNDS KEEPS COMMANDS: starts each web server (a JSON array of command lines) in turn, as
// often as ROUNDS says, puts the same requests to it, and prints for each a list of rounds: of each work the
// milliseconds that it took by the clock and of the server's processor, and what it has resident afterwards.
// KEEPS says whether it keeps a connection for the next request, and can send a body back. It runs in a network
// of its own together with what it starts.

const [port, rounds, keeps, commands] = process.argv.slice(2).map(word => JSON.parse(word))

const REQUESTS = 20_000
const VISITS = 3000
const AT_ONCE = 8
const UPLOAD = 1024 * 1024 * 1024

const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await withServer(argv, answers, measure))
}
console.log(JSON.stringify(samples))

async function answers() {
  await visits(1)
  return true
}

async function measure(pid) {
  // The first hundreds go to a program that is not warm yet.
  await visits(VISITS / 3)
  const sample = { visits: await timed(pid, () => visits(VISITS)) }
  if (keeps) {
    await requests(REQUESTS / 4)
    sample.requests = await timed(pid, () => requests(REQUESTS))
  }
  sample.memory = resident(pid)
  if (keeps) sample.upload = await timed(pid, upload)
  return sample
}

/** One request on each connection, which the server ends. */
async function visits(count) {
  let left = count
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      const conn = await connected(port)
      conn.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
      let length = 0
      for await (const data of conn) length += data.length
      if (length < 100) throw new Error(`${length} bytes came`)
    }
  }))
}

/** A few connections, each of which asks again when the answer is there. */
async function requests(count) {
  let left = count
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const conn = await connected(port)
    while (left-- > 0) {
      conn.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
      for (let length = 0, all = Infinity; length < all;) {
        const [data] = await once(conn, 'data')
        if (length === 0) all = wholeLength(data)
        length += data.length
      }
    }
    conn.destroy()
  }))
}

/** How many bytes a response has whose head is at the beginning. */
function wholeLength(data) {
  const end = data.indexOf('\r\n\r\n')
  const [, length] = /^content-length: (\d+)/im.exec(data.toString('latin1', 0, end)) ?? []
  if (end < 0 || length === undefined) throw new Error(`no head: ${data}`)
  return end + 4 + Number(length)
}

/** A body goes there and comes back, and nobody keeps it. */
async function upload() {
  const conn = await connected(port)
  conn.write(`POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: ${UPLOAD}\r\n\r\n`)
  const block = Buffer.alloc(1 << 16, 'Hello')
  const sent = (async () => {
    for (let left = UPLOAD; left > 0; left -= block.length) if (!conn.write(block)) await once(conn, 'drain')
  })()
  let length = 0
  for await (const data of conn) length += data.length
  await sent
  if (length < UPLOAD) throw new Error(`${length} of ${UPLOAD} bytes came back`)
}
