import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { launchChromium } from '../../site/browser/chromium.ts'
import { openServer } from './servers.ts'

// A program of its own, in a network of its own: peers-run.ts FOLDER PEER lets a real client meet the server of a
// folder, and prints what came of it.
const [folder = '', peer = ''] = process.argv.slice(2)
const server = await openServer(folder)

/** What a page finds that asks for everything: see peers.test.ts. */
async function inChromium() {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    const response = await page.goto('http://127.0.0.1:12345/')
    const heading = await page.textContent('h1')
    const found = await page.evaluate(async () => {
      const body = new Uint8Array(300_000).map((_, index) => index % 251)
      const echoed = new Uint8Array(await (await fetch('/echo', { method: 'POST', body })).arrayBuffer())
      const tenTimes: string[] = []
      for (let count = 0; count < 10; count++) tenTimes.push(await (await fetch('/hello')).text())
      const atOnce = await Promise.all(Array.from({ length: 20 }, async () => (await fetch('/hello')).text()))
      return {
        echoed: echoed.length === body.length && echoed.every((byte, index) => byte === body[index]),
        counted: await (await fetch('/count', { method: 'POST', body: 'mañana' })).text(),
        head: (await fetch('/hello', { method: 'HEAD' })).headers.get('content-length'),
        empty: (await fetch('/empty')).status,
        notAllowed: (await fetch('/echo')).status,
        hello: [...new Set([...tenTimes, ...atOnce])],
      }
    })
    return { status: response?.status(), heading, ...found }
  } finally {
    await browser.close()
  }
}

/** What a program prints. */
async function printedBy(file: string, ...args: string[]): Promise<string> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed += text)
  child.stderr.setEncoding('utf8').on('data', (text: string) => printed += text)
  await once(child, 'close')
  // It paints.
  return printed.replace(/\x1b\[[\d;]*[A-Za-z]/g, '')
}

const SITE = 'http://127.0.0.1:12345/'
const PEERS: Record<string, () => Promise<unknown>> = {
  chromium: inChromium,
  wrk: () => printedBy('wrk', '-t1', '-c50', '-d3s', '--timeout', '60s', `${SITE}hello`),
  heads: () => printedBy('slowhttptest', '-H', '-c', '300', '-r', '300', '-i', '1', '-l', '60', '-x', '10', '-p', '30', '-u', SITE),
  bodies: () => printedBy('slowhttptest', '-B', '-c', '300', '-r', '300', '-i', '1', '-l', '60', '-x', '10', '-p', '30', '-u', `${SITE}count`),
}
const printed = await PEERS[peer]?.()
console.log(JSON.stringify({ printed, runs: server.runs(), connections: server.lines().filter(line => line.startsWith('Received new')).length }))
server.close()
