import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

// until-listening.mjs PORT ROUNDS COMMANDS: starts each command (a JSON array of command lines) in turn,
// as often as ROUNDS says, and prints in milliseconds how long each took from its start until it
// accepted a connection. It runs in a network of its own together with what it starts.

const [port, rounds, commands] = process.argv.slice(2).map(word => JSON.parse(word))
const DEADLINE = 20_000
const AGAIN = 2

let running
process.on('SIGTERM', () => {
  if (running) process.kill(-running.pid, 'SIGKILL')
  process.exit(1)
})

const samples = commands.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, argv] of commands.entries()) samples[index].push(await timeStart(argv))
}
console.log(JSON.stringify(samples))

async function timeStart([file, ...args]) {
  const begin = performance.now()
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  running = child
  const exited = once(child, 'exit')
  try {
    while (!await accepts()) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
      if (performance.now() - begin > DEADLINE) throw new Error(`${args.join(' ')} does not listen on port ${port}`)
      await new Promise(resolve => setTimeout(resolve, AGAIN))
    }
    return performance.now() - begin
  } finally {
    // npm and what it started are one group.
    process.kill(-child.pid, 'SIGKILL')
    await exited
    running = undefined
    while (await accepts()) await new Promise(resolve => setTimeout(resolve, AGAIN))
  }
}

function accepts() {
  return new Promise(resolve => {
    const conn = connect(port, '127.0.0.1', () => {
      conn.destroy()
      resolve(true)
    })
    conn.on('error', () => resolve(false))
  })
}
