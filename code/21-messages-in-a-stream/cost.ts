import { Incoming } from './incoming.ts'

const END = '\r\n\r\n'
const TOTAL = 10_000_000
const PATIENCE = 5000

async function* inPieces(size: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(size, 'x')
  for (let sent = 0; sent < TOTAL; sent += size) yield piece
  yield Buffer.from(END)
}

async function growing(size: number): Promise<string> {
  const since = performance.now()
  await new Incoming(inPieces(size)).until(END, TOTAL)
  return `${Math.round(performance.now() - since)} ms`
}

async function concat(size: number): Promise<string> {
  const since = performance.now()
  let message = Buffer.alloc(0)
  for await (const piece of inPieces(size)) {
    message = Buffer.concat([message, piece])
    if (message.includes(END)) break
    if (performance.now() - since < PATIENCE) continue
    const part = (100 * message.length / TOTAL).toFixed(1)
    return `gave up after ${PATIENCE / 1000} s, at ${part} %`
  }
  return `${Math.round(performance.now() - since)} ms`
}

for (const size of [100_000, 1000, 1]) {
  console.log(`10 MB in pieces of ${size}`)
  console.log(`  one growing buffer   ${await growing(size)}`)
  console.log(`  Buffer.concat        ${await concat(size)}`)
}
