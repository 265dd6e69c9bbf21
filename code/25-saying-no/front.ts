import { connect, createServer, type Socket } from 'node:net'
import { Incoming } from './incoming.ts'

let back: Socket | undefined
let answers: Incoming
let turn: Promise<void> = Promise.resolve()

function callBack(): Socket {
  const conn = connect({ host: '127.0.0.1', port: 12345, noDelay: true })
  answers = new Incoming(conn.iterator())
  return conn.on('close', () => {
    console.log('The back has hung up')
    back = undefined
  })
}

async function oneMessage(incoming: Incoming): Promise<Buffer> {
  incoming.waitAtMost(60_000)
  const head = await incoming.until('\r\n\r\n', 16 * 1024)
  const [, length = 0] = /^content-length: *(\d+)/im.exec(String(head)) ?? []
  const body = await incoming.exactly(Number(length))
  return Buffer.concat([head, Buffer.from('\r\n\r\n'), body])
}

async function pass(client: Socket): Promise<void> {
  const request = await oneMessage(new Incoming(client.iterator()))
  turn = turn.catch(() => {}).then(async () => {
    back ??= callBack()
    back.write(request)
    client.end(await oneMessage(answers))
  })
  await turn
}

createServer({ allowHalfOpen: true }, client => {
  client.on('error', () => {})
  pass(client).catch(() => client.destroy())
}).listen(8080, '127.0.0.1', () => console.log('The front is on port 8080'))
