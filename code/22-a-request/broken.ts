import { createServer } from 'node:net'

const TEXT = '¡Mañana, mañana!\n'
const BODY = Buffer.from(TEXT)
const LENGTHS: Record<string, number | undefined> = {
  none: undefined,
  long: BODY.length + 10,
  short: TEXT.length,
}

const word = process.argv[2] ?? ''
if (!(word in LENGTHS)) {
  console.error(`Say one of ${Object.keys(LENGTHS).join(', ')}`)
  process.exit(2)
}
const lines = ['HTTP/1.1 200 OK', 'Content-Type: text/html; charset=utf-8']
const length = LENGTHS[word]
if (length !== undefined) lines.push(`Content-Length: ${length}`)

const sock = createServer(conn => {
  conn.on('error', () => {})
  conn.once('data', () => {
    conn.write(`${lines.join('\r\n')}\r\n\r\n`)
    conn.write(BODY)
    if (word !== 'none') conn.end()
  })
})
sock.listen(12345, '127.0.0.1', () => console.log(`Answering: ${word}`))
