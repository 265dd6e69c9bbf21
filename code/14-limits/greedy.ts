import { once } from 'node:events'
import { connect } from 'node:net'
import type { Address } from './address.ts'
import { readOptions } from './options.ts'

const BLOCK = Buffer.alloc(65_536, 'x')
let connected = 0
let sent = 0

async function sendAndNeverRead(address: Address): Promise<void> {
  const conn = connect(address)
  await once(conn, 'connect')
  connected += 1
  try {
    for (;;) {
      if (!conn.write(BLOCK)) await once(conn, 'drain')
      sent += BLOCK.length
    }
  } finally {
    connected -= 1
  }
}

const options = readOptions(true)
if (options) {
  const { address, words } = options
  const size = Number(words[0] ?? 1000)
  const crowd = Array.from({ length: size }, () => sendAndNeverRead(address))
  const ticker = setInterval(() => {
    console.log(`${connected} connected, ${Math.round(sent / 1e6)} MB sent`)
  }, 1000)
  await Promise.allSettled(crowd)
  clearInterval(ticker)
  console.log('Nobody is left')
}
