import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { ROOT } from '../support/command.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { inWhole } from '../support/whole.ts'

const { check, programs } = examiners()

// Notes its number in a file that is told to it, and obeys no signal that can be disobeyed. Its child does the same.

const stubborn = (folder: string) => `
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:net'

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {})
const child = spawn('sh', ['-c', 'trap "" INT TERM HUP; while true; do sleep 0.1; done'], { stdio: 'ignore' })
appendFileSync(${JSON.stringify(join(folder, 'pids'))}, \`\${process.pid}\\n\${child.pid}\\n\`)
console.log('Starting server on port 12345')
createServer(conn => conn.on('error', () => {})).listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
`

function alive(folder: string): number[] {
  return readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number).filter(pid => {
    try {
      process.kill(pid, 0)
    } catch {
      return false
    }
    // Dead, and waiting for its parent to notice.
    return !/^Z/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
  })
}

// What the kernel ends it ends soon, and not in the same instant.
async function nothingIsLeft(folder: string): Promise<void> {
  await vi.waitFor(() => expect(alive(folder)).toEqual([]), { timeout: 15_000 })
}

const LEFT = !inWhole('that nothing is left of a check that was ended')

test.skipIf(LEFT).concurrent.each([
  ['does not obey', ''],
  ['has been stopped', 'process.kill(process.pid, \'SIGSTOP\')\n'],
])('when a check has ended, so has a program that %s, with its children', async (_, more) => {
  const pids = programs({})
  const folder = programs({ 'server.ts': stubborn(pids) + more })
  expect((await check(2, folder, { patience: 1 })).passed).toBe(false)
  await nothingIsLeft(pids)
})

// Lesson 6 tells some of its stories in processes of their own.
test.skipIf(LEFT).concurrent.each([
  ['SIGINT', 130, 6], ['SIGHUP', 129, 2], ['SIGKILL', null, 6],
] as const)('%s to a check takes all with it: exit code %s, lesson %i', async (signal, code, lesson) => {
  const pids = programs({})
  const folder = programs({ 'server.ts': stubborn(pids) })
  const [command = '', ...args] = isolated([
    process.execPath, join(ROOT, 'scripts/run.mjs'), 'check', String(lesson), '--of', folder, '--patience', '5',
  ])
  const checking = spawn(command, args, { cwd: ROOT, detached: true, stdio: 'ignore' })
  const ended = once(checking, 'exit')
  const file = join(pids, 'pids')
  await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/^\d+\n\d+\n/), { timeout: 30_000, interval: 10 })
  // Only the check itself is told, and not its process group.
  checking.kill(signal)
  expect(await ended).toEqual([code, code === null ? signal : null])
  await nothingIsLeft(pids)
})
