import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { withServer } from './server.mjs'

// tls-load.mjs PORT ROUNDS JOBS: JOBS is a JSON array of { argv, kind, version }. Starts each server in turn,
// as often as ROUNDS says, puts the work to it, and prints for each job a list of rounds, in milliseconds.
// `full` and `resumed`: processor time of the server's own thread for HANDSHAKES of them. `bytes` and
// `plain`: how long BYTES take there and back, through TLS and without. It runs in a network of its own.

const [port, rounds, jobs] = process.argv.slice(2).map(word => JSON.parse(word))

const HANDSHAKES = 500
const CALLERS = 4
const BYTES = 64 * 1024 * 1024

const samples = jobs.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, job] of jobs.entries()) samples[index].push(await measure(job))
}
console.log(JSON.stringify(samples))
process.exit()

async function measure({ argv, kind, version }) {
  const talk = kind === 'plain' ? plainly : data => secretly(data, version)
  return await withServer(argv, () => talk(Buffer.from('Hello\n')), async pid => {
    if (kind === 'bytes' || kind === 'plain') {
      await talk(Buffer.alloc(BYTES / 8))
      const begin = performance.now()
      await talk(Buffer.alloc(BYTES, 'Hello'))
      return performance.now() - begin
    }
    const session = kind === 'resumed' ? await ticket(version) : undefined
    await handshakes(HANDSHAKES / 2, version, session)
    const before = processorTime(pid)
    await handshakes(HANDSHAKES, version, session)
    return processorTime(pid) - before
  })
}

async function plainly(data) {
  return await echoed(connectPlain({ port, host: '127.0.0.1' }), data)
}

async function secretly(data, version, session) {
  const conn = connectTls({
    port, host: '127.0.0.1', rejectUnauthorized: false, minVersion: version, maxVersion: version, session,
  })
  await once(conn, 'secureConnect')
  if (conn.isSessionReused() !== (session !== undefined)) throw new Error('a handshake was of the other kind')
  return await echoed(conn, data)
}

async function echoed(conn, data) {
  conn.end(data)
  let length = 0
  for await (const piece of conn) length += piece.length
  if (length !== data.length) throw new Error(`${length} of ${data.length} bytes came back`)
  return true
}

/** What the server hands out, with which a client need not prove everything again. */
async function ticket(version) {
  const conn = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, minVersion: version, maxVersion: version })
  const [session] = await once(conn, 'session')
  conn.resume().end()
  await once(conn, 'close')
  return session
}

async function handshakes(count, version, session) {
  let left = count
  await Promise.all(Array.from({ length: CALLERS }, async () => {
    while (left-- > 0) await secretly(Buffer.from('x'), version, session)
  }))
}

/** Of the first thread, which does all that a handshake needs; in milliseconds. Linux only. */
function processorTime(pid) {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
