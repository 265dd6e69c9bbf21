import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { hasOwnNetwork } from '../support/own-network.ts'
import { command, folder, run } from '../support/command.ts'

const BOOK = {
  'lessons/01-start.md': [
    '---', 'id: start', 'title: Start', '---', '',
    '```experiment {recorded} It was so', 'one $ true', 'one = 0', '```', '',
    '```experiment It is so', 'one $ true', 'one = 0', '```', '',
  ].join('\n'),
  'code/01-start/server.ts': '',
}

const alone = hasOwnNetwork('what npm run try does when port 12345 is taken')

const HOLDER = `
const { spawn } = require('node:child_process')
require('node:net').createServer().listen(12345, '127.0.0.1', () => {
  spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' }).on('exit', code => process.exit(code))
})`

const underHolder = (...args: string[]) =>
  run(isolated([process.execPath, '-e', HOLDER, ...command(['try', '1', ...args], folder(BOOK))]))

test.skipIf(!alone)('somebody who has the port: one line that says who, and nothing is played', async () => {
  const { code, stdout, stderr } = await underHolder()
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^port 12345 is taken, .* need it\. Port 12345 is held by process (\d+): .*\. To stop it: kill \1\n$/)
})

test.skipIf(!alone)('what was recorded needs no port', async () => {
  const { code, stdout, stderr } = await underHolder('--only', 'was')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^It was so\n\none \$ true\none = 0\n\n- Recorded: /)
})

test('what an experiment writes is not in the reader\'s folder', async () => {
  const lesson = ['---', 'id: start', 'title: Start', '---', '', '```experiment It writes', 'one $ cat mine.txt', 'one | …',
    'one = 1', 'two $ echo 1 >mine.txt', 'two = 0', 'one $ cat mine.txt', 'one | 1', 'one = 0', '```', ''].join('\n')
  const root = folder({ 'lessons/01-start.md': lesson, 'code/01-start/server.ts': '', 'mine.txt': 'the reader\'s\n' })
  expect(await run(isolated(command(['try', '1', '--json'], root)))).toMatchObject({ code: 0, stdout: expect.stringContaining('"held"') as string })
  expect(readFileSync(join(root, 'mine.txt'), 'utf8')).toBe('the reader\'s\n')
})
