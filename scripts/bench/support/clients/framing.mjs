// Finds the end of one long message in pieces of a size, in three ways. Arguments: incoming.ts, runs. Prints
// milliseconds for each job, a list of runs each.

const [, , file, runs] = process.argv
const { Incoming } = await import(file)

const END = '\r\n\r\n'
const TEN = 10_000_000

async function* inPieces(size, total) {
  const piece = Buffer.alloc(size, 'x')
  for (let sent = 0; sent < total; sent += size) yield piece
  yield Buffer.from(END)
}

const growing = async (size, total) => {
  const { length } = await new Incoming(inPieces(size, total)).until(END, total)
  if (length !== total) throw new Error(`the message has ${length} bytes`)
}

const concat = async (size, total) => {
  let message = Buffer.alloc(0)
  for await (const piece of inPieces(size, total)) message = Buffer.concat([message, piece])
  if (!message.includes(END)) throw new Error('no end')
}

const counted = async (size, total) => {
  let bytes = 0
  for await (const { length } of inPieces(size, total)) bytes += length
  if (bytes !== total + END.length) throw new Error(`${bytes} bytes`)
}

const JOBS = [
  () => growing(1000, TEN), () => concat(1000, TEN), () => growing(1000, 5 * TEN), () => growing(1000, 10 * TEN),
  () => growing(1, TEN), () => counted(1, TEN),
]

const samples = JOBS.map(() => [])
await growing(1000, TEN)
for (let run = 0; run < Number(runs); run++) {
  for (const [index, job] of JOBS.entries()) {
    const since = performance.now()
    await job()
    samples[index].push(performance.now() - since)
  }
}
console.log(JSON.stringify(samples))
