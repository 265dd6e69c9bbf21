import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Problem } from '../../scripts/workbook/problem.ts'
import { canIsolate, isolated } from '../../scripts/workbook/machine/isolate.ts'
import { run, RUN } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { inWhole } from '../support/whole.ts'

const { programs } = examiners()

const LISTENS = `import { createServer } from 'node:net'
console.log('Starting server on port 12345')
createServer().listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
`
/** The process above the program's shell, which is the check. */
const ABOVE = `import { readFileSync } from 'node:fs'
const above = Number(readFileSync(\`/proc/\${process.ppid}/stat\`, 'utf8').replace(/^.*\\) /, '').split(' ')[1])
`

/** A check of a program in a temporary folder of its own, and what is left in that. */
async function checked(source: string) {
  const folder = programs({ 'server.ts': source })
  const temporary = mkdtempSync(join(tmpdir(), 'port-12345-temporary-'))
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }))
  const since = Date.now()
  const ended = await run(isolated([process.execPath, RUN, 'check', '2', '--of', folder, '--patience', '2']), { env: { TMPDIR: temporary } })
  return { ...ended, ms: Date.now() - since, folder, temporary }
}

const STARTS: readonly [what: string, source: string][] = [
  ['stops its parent', 'process.kill(process.ppid, \'SIGSTOP\')\n'],
  ['kills its parent', 'process.kill(process.ppid, \'SIGKILL\')\n'],
  ['stops the check', `${ABOVE}process.kill(above, 'SIGSTOP')\n`],
  ['prints without end', 'import { writeSync } from \'node:fs\'\nfor (const words = \'x\'.repeat(1 << 20);;) writeSync(1, words)\n'],
]

const LEFT = !canIsolate() || !inWhole('programs that turn against the check')

test.skipIf(LEFT).each(STARTS)('a program that %s gets a verdict in time', async (_, source) => {
  const { code, stdout, stderr, temporary, ms } = await checked(source + LISTENS)
  expect(stdout, `${stderr} (exit code ${code})`).toMatch(/^✗ .*\n {2}\S/m)
  expect(code).toBe(1)
  expect(ms).toBeLessThan(50_000)
  expect(readdirSync(temporary)).toEqual([])
})

test.skipIf(LEFT)('a program that kills the check: that is said, and nothing is left', async () => {
  const { stderr, temporary } = await checked(`${ABOVE}process.kill(above, 'SIGKILL')\n${LISTENS}`)
  expect(stderr).toBe('The check was killed, by the program or by somebody else. What it had started has been ended.\n')
  await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), { timeout: 10_000 })
})

test.skipIf(LEFT)('a child that has left its group ends with the check', async () => {
  const { folder } = await checked(`import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
const child = spawn('setsid', ['sleep', '1000'], { detached: true, stdio: 'ignore' })
child.unref()
appendFileSync(new URL('pids', import.meta.url), \`\${child.pid}\\n\`)
${LISTENS}`)
  const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number)
  const lives = (pid: number) => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    } catch {
      return false
    }
  }
  expect(pids.length).toBeGreaterThan(0)
  await vi.waitFor(() => expect(pids.filter(lives)).toEqual([]), { timeout: 10_000 })
})

test('the name of a file cannot steer the terminal', () => {
  const place = { file: 'workspace/\x1b[31m.ts', line: 1 }
  expect(String(new Problem('it cannot be read', { place }))).toBe('workspace/\\x1b[31m.ts:1: it cannot be read.')
})
