import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { folder, ROOT, run } from '../support/command.ts'

const CLOCK = pathToFileURL(join(ROOT, 'scripts/workbook/check/program/fast-clock.mjs')).href

// Each waits for two seconds of its own in another way, and each tells them with every clock that it has.
const WAYS = {
  setTimeout: 'await new Promise(resolve => setTimeout(resolve, 2000))',
  'a promise of setTimeout': 'await (await import(\'node:timers/promises\')).setTimeout(2000)',
  'scheduler.wait': 'await (await import(\'node:timers/promises\')).scheduler.wait(2000)',
  'a sweep with a deadline of its own': 'const end = Date.now() + 2000; await new Promise(resolve => { const timer = setInterval(() => { '
    + 'if (Date.now() >= end) resolve(clearInterval(timer)) }, 50) })',
  'AbortSignal.timeout': 'const hold = setInterval(() => {}, 1e6); await new Promise(resolve => AbortSignal.timeout(2000).addEventListener(\'abort\', resolve))\nclearInterval(hold)',
  'a silent socket': `const { createServer, connect } = await import('node:net')
    const server = createServer().listen(0, '127.0.0.1'); await new Promise(resolve => server.on('listening', resolve))
    const sock = connect(server.address().port, '127.0.0.1'); sock.setTimeout(2000); await new Promise(resolve => sock.on('timeout', resolve))
    server.close(); sock.destroy()`,
}
const program = (wait: string) => `
const clocks = () => [Date.now(), +new Date(), performance.now(), Number(process.hrtime.bigint()) / 1e6, process.uptime() * 1000,
  process.hrtime()[0] * 1000 + process.hrtime()[1] / 1e6]
const before = clocks()
${wait}
console.log(JSON.stringify(clocks().map((clock, index) => Math.round(clock - before[index]))))
process.exit()
`

async function told(source: string, speed: number): Promise<{ ms: number, clocks: number[] }> {
  const root = folder({ 'program.mjs': source })
  const since = performance.now()
  const { stdout, stderr } = await run([process.execPath, '--import', `${CLOCK}?speed=${speed}`, join(root, 'program.mjs')])
  expect(stderr).toBe('')
  return { ms: performance.now() - since, clocks: JSON.parse(stdout) as number[] }
}

test.each(Object.entries(WAYS))('all clocks go together with %s, and faster', async (_, wait) => {
  const { clocks } = await told(program(wait), 10)
  expect(Math.min(...clocks)).toBeGreaterThanOrEqual(1990)
  // One that were real would be some 1800 behind; they are read one after another, on a machine that may be busy.
  expect(Math.max(...clocks) - Math.min(...clocks)).toBeLessThan(1500)
})

test('a wait is over ten times as soon', async () => {
  const { ms } = await told(program('await new Promise(resolve => setTimeout(resolve, 300_000))'), 100)
  expect(ms).toBeLessThan(60_000)
})

test('a clock can go slowly', async () => {
  const { ms, clocks } = await told(program('await new Promise(resolve => setTimeout(resolve, 200))'), 0.1)
  expect(ms).toBeGreaterThan(2000)
  expect(Math.min(...clocks)).toBeGreaterThanOrEqual(199)
  // On a real clock it would be two thousand.
  expect(Math.min(...clocks)).toBeLessThan(1500)
})

test('dates stay what they are', async () => {
  const { stdout } = await run([process.execPath, '--import', `${CLOCK}?speed=10`, '--input-type=module', '-e', `
    class Mine extends Date {}
    console.log(new Date() instanceof Date, new Date(0).toISOString(), typeof Date(), new Mine() instanceof Mine, Date.UTC(1970, 0),
      new Date(0).constructor === Date, Date.name, setTimeout.name, Math.abs(new Date() - Date.now()) < 1000)`])
  expect(stdout).toBe('true 1970-01-01T00:00:00.000Z string true 0 true Date setTimeout true\n')
})
