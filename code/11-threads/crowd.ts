import { connect } from 'node:net'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

async function talk(words: string): Promise<boolean> {
  const conn = connect({ host: SERVER_NAME, port: SERVER_PORT })
  conn.end(words)
  const chunks: Buffer[] = []
  for await (const data of conn) chunks.push(data)
  return Buffer.concat(chunks).toString() === words
}

const size = Number(process.argv[2] ?? 500)
const crowd = Array.from({ length: size }, (_, n) => talk(`I am ${n}\n`))
const answers = await Promise.allSettled(crowd)
const good = answers.filter(one => one.status === 'fulfilled' && one.value)
console.log(`${good.length} of ${size} got their own words back`)
