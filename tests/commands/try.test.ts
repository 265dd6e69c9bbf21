import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
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

describe('the page of a part', () => {
  const part = (...lines: string[]) => folder({
    ...BOOK, 'lessons/parts/1-one-connection.md': ['---', 'title: One connection', '---', '', ...lines, ''].join('\n'),
  })
  const tryPart = (root: string, ...args: string[]) => run(isolated(command(['try', ...args], root)))

  test('has its experiments played as those of a lesson are', async () => {
    const root = part('```experiment It is so', 'one $ echo 1', 'one | 1', 'one = 0', '```', '', '```experiment It is otherwise', 'one $ echo 2', 'one | 1', 'one = 0', '```')
    const { code, stdout, stderr } = await tryPart(root, 'part-1', '--json')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout.trim().split('\n').map(line => JSON.parse(line) as unknown)).toEqual([
      { title: 'It is so', line: 5, status: 'held' },
      { title: 'It is otherwise', line: 11, status: 'failed', reason: expect.stringMatching(/^lessons\/parts\/1-one-connection\.md:13:/) as string },
    ])
  })

  test.each([['part-1'], ['part-2']])('%s without one gets one line', async word => {
    const { code, stderr } = await tryPart(part('No experiment.'), word)
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^the page of the part "(One|Many) connections?" has no experiment\.\n$/) as string })
  })

  test('that the course has not is answered like a lesson that it has not', async () => {
    expect(await tryPart(part(''), 'part-8')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^there is no lesson "part-8"\./) as string })
  })
})

test('what an experiment writes is not in the reader\'s folder', async () => {
  const lesson = ['---', 'id: start', 'title: Start', '---', '', '```experiment It writes', 'one $ cat mine.txt', 'one | …',
    'one = 1', 'two $ echo 1 >mine.txt', 'two = 0', 'one $ cat mine.txt', 'one | 1', 'one = 0', '```', ''].join('\n')
  const root = folder({ 'lessons/01-start.md': lesson, 'code/01-start/server.ts': '', 'mine.txt': 'the reader\'s\n' })
  expect(await run(isolated(command(['try', '1', '--json'], root)))).toMatchObject({ code: 0, stdout: expect.stringContaining('"held"') as string })
  expect(readFileSync(join(root, 'mine.txt'), 'utf8')).toBe('the reader\'s\n')
})
