import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Guardian } from '../../scripts/workbook/check/program/guardian.ts'
import { Program } from '../../scripts/workbook/check/program/program.ts'
import { noTerminal } from '../../scripts/workbook/check/program/printed/pseudo-terminal.ts'
import { folder, ROOT } from '../support/command.ts'
import { room } from '../support/rooms.ts'

test.skipIf(noTerminal() !== undefined).each([
  ['console.log(7, process.stdout.isTTY)', '7 true'],
  ['if (!process.stdout.isTTY) console.log(\'nothing\')\nconsole.log(process.pid)', undefined],
])('a program at a terminal is seen as it is there', async (source, line) => {
  const programs = folder({ 'server.ts': `${source}\nsetInterval(() => {}, 1000)\n` })
  const scratch = mkdtempSync(join(tmpdir(), 'port-'))
  const guardian = new Guardian()
  onTestFinished(() => {
    guardian.dismiss()
    rmSync(scratch, { recursive: true, force: true })
  })
  const { facts } = room(2)
  const setting = {
    root: ROOT, home: ROOT, folder: programs, lesson: 2, facts, seed: 1, patience: 10, problems: {}, scratch,
  }
  const program = new Program(setting, guardian, 'server.ts', [], { terminal: true })
  const printed = await program.line(() => true, 'anything')
  // Without colours; and it is the program's own process that is looked at.
  expect(printed).toBe(line ?? String(program.pid))
  await program.kill()
})
