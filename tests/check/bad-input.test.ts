import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { main } from '../../scripts/check.ts'
import { readPrograms } from '../../scripts/workbook/check/program/bundle.ts'
import { furnish, projectFolder } from '../../scripts/workbook/check/program/project-folder.ts'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { command, folder, run, RUN } from '../support/command.ts'
import { hasOwnNetwork } from '../support/own-network.ts'
import { canForbid, unprivileged } from '../support/unprivileged.ts'
import { failFs } from '../workspace/patched-fs.ts'
import { contentsOf, readerOf } from '../workspace/reader.ts'
import { examiners } from '../support/examiners/examiners.ts'

const { type } = examiners()
const GOOD = { 'workspace/server.ts': 'console.log(\'Starting server on port 12345\')\nconsole.log(\'Nobody listens on 127.0.0.1 yet\')\n' }

test.each<[what: string, words: string, files: Record<string, string>, code: number, line: string]>([
  ['a lesson that is not there', '99', GOOD, 2,
    'there is no lesson 99. The lessons are 1 to 4; the nearest is 4, unwritten: npm run check 4'],
  ['a word that is nearly a lesson', 'ecko', GOOD, 2,
    'there is no lesson "ecko". The lessons are 1 to 4; the nearest is 2, echo: npm run check 2'],
  ['a word that is none', 'abc', GOOD, 2, 'there is no lesson "abc". The lessons are 1 to 4; npm run lesson lists them.'],
  ['two lessons', '1 2', GOOD, 2, '"2" is one word too many. npm run check -- --help tells what there is.'],
  ['a seed that is no number', '1 --seed x', GOOD, 2,
    '--seed takes a whole number from 1 on, and "x" is none. npm run check -- --help tells what there is.'],
  ['an exercise that is not there', '1 --exercise nothing', GOOD, 2,
    'lesson 1 has no exercise "nothing" that can be checked. Known are: none.'],
  ['a folder that is not there', '1 --of nowhere', GOOD, 2,
    '--of nowhere: there is no folder nowhere. npm run check -- --help tells what there is.'],
  ['no workspace/', '1', {}, 1, 'there is no folder workspace/. npm run begin makes it, and says what comes first.'],
  ['a workspace/ that is a file', '1', { workspace: '' }, 1, 'workspace is a file, and should be a folder with a server.ts in it.'],
  ['an empty workspace/', '1', { 'workspace/.keep': '' }, 1,
    'there is no workspace/server.ts. Make that file and type the lesson\'s program into it, then: npm run check 1'],
  ['a program of another name', '1', { 'workspace/sever.ts': '' }, 1,
    'there is no workspace/server.ts; there is sever.ts. Make that file and type the lesson\'s program into it, then: npm run check 1'],
  ['a program that is a folder', '1', { 'workspace/server.ts/a': '' }, 1,
    'workspace/server.ts is a folder, and should be a file. Move it away and make the file, then: npm run check 1'],
])('%s: one line that says what to do', async (_, words, files, code, line) => {
  const root = readerOf(files)
  const before = contentsOf(root)
  expect(await type(words, { root })).toMatchObject({ code, stdout: '', stderr: `${line}\n` })
  expect(contentsOf(root)).toEqual(before)
})

test('progress that cannot be read: the check is printed all the same, and one line comes last', async () => {
  const root = readerOf({ ...GOOD, 'workspace/progress.json': 'broken' }, 'book')
  const { code, stdout, stderr } = await type('1 --patience 3', { root })
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^workspace\/progress\.json: this is not JSON\. .*\n$/) })
  expect(stdout).toMatch(/\nLesson 1: all 3 hold\.\n$/)
})

const SPELLING = 'Check the spelling and the ending .ts of the name.'

test.each<[what: string, files: Record<string, string>, line: string]>([
  ['a package that is not installed', { 'server.ts': 'import net from \'node:net\'\nimport ws from \'@sockets/ws/lib\'\nws(net)\n' },
    `server.ts:2:16: this imports "@sockets/ws/lib", which is not there. ${SPELLING}`],
  ['a module that Node has not', { 'server.ts': 'import { once } from \'node:event\'\nonce()\n' },
    'server.ts:1:22: Node has no module "node:event".'],
  ['a file under a name with other capitals', {
    'server.ts': 'console.log(1)\nimport { help } from \'./lib/Helper.ts\'\nhelp()\n', 'lib/helper.ts': 'export const help = () => {}\n',
  }, 'server.ts:2:22: this imports "Helper.ts", which is not there. The file that is there is called helper.ts.'],
  ['a link that leads nowhere', { 'server.ts': 'import \'./words.ts\'\n' },
    `server.ts:1:8: this imports "./words.ts", which is not there. ${SPELLING}`],
])('a program that imports %s: its line, and what is wrong with it', async (_, files, line) => {
  const root = folder(files)
  symlinkSync('nowhere.ts', join(root, 'words.ts'))
  const { problems, remove } = await readPrograms(root, root)
  remove()
  // Some systems pass over capitals.
  if (existsSync(join(root, 'lib/Helper.ts'))) return
  expect(String(problems['server.ts'])).toBe(line)
})

test('a program that is a link: the mistake has its place in the file that it leads to', async () => {
  const root = folder({ 'elsewhere/mine.ts': 'const port = 12345\nlet x = = port\n', 'workspace/client.ts': '' })
  symlinkSync('../elsewhere/mine.ts', join(root, 'workspace/server.ts'))
  symlinkSync('loop.ts', join(root, 'workspace/loop.ts'))
  const { problems, remove } = await readPrograms(join(root, 'workspace'), root)
  remove()
  expect(String(problems['server.ts'])).toBe('elsewhere/mine.ts:2:9: Unexpected "=".')
})

test('a program that may fail to import a package, and bears it, is none of our business', async () => {
  const root = folder({ 'server.ts': 'const ws = await import(\'no-such-package\').catch(() => undefined)\nconsole.log(ws)\n' })
  const { problems, remove } = await readPrograms(root, root)
  remove()
  expect(problems).toEqual({})
})

test('no temporary folder: one line', async () => {
  const root = readerOf(GOOD)
  const nowhere = join(root, 'package.json/tmp')
  vi.stubEnv('TMPDIR', nowhere)
  onTestFinished(() => { vi.unstubAllEnvs() })
  expect(await main(['1'], { root }).catch(String))
    .toBe(`the temporary folder ${nowhere} cannot be written: ENOTDIR. Make it, or room in it, or name another in TMPDIR.`)
})

test('a temporary folder that is full is not a mistake in the program', () => {
  const root = folder({ 'server.ts': 'console.log(1)\n', 'full/here': '' })
  vi.stubEnv('TMPDIR', join(root, 'full'))
  onTestFinished(() => { vi.unstubAllEnvs() })
  failFs(['writeFileSync'], 1, { times: Infinity })
  expect(() => furnish(projectFolder(join(root, 'full'), root), root, { programs: root, home: root, words: 3 }))
    .toThrow('/full cannot be written: ENOSPC')
})

test('another check that runs: one line, and it goes on', async () => {
  const root = readerOf(GOOD)
  const { code, stdout, stderr } = await type('1', { root, meanwhile: true })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^another check is running \(lesson 6, process (\d+)\), and both need port 12345\. [^]* or here: kill \1\n$/)
  expect(await type('1', { root })).toMatchObject({ code: 0, stderr: '' })
})

test.skipIf(!hasOwnNetwork('what npm run check does when a port is taken')).each([[12345, 6, 'code/06-echo'], [12346, 11, 'code/11-threads']])(
  'somebody who has port %i: one line that says who', async (port, lesson, folder) => {
    // It has the port, and is the parent of the check.
    const holder = `
      const child = () => require('child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' }).on('exit', code => process.exit(code))
      require('net').createServer().listen(${port}, '127.0.0.1', child)`
    const { code, stdout, stderr } = await run(isolated([process.execPath, '-e', holder, RUN, 'check', String(lesson), '--of', folder]))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^port ${port} is taken, and the programs of this lesson need it\\. `))
    expect(stderr).toMatch(/^[^]*\. To stop it: kill \d+\n$/)
  })

test('a program that may not be read: one line', async () => {
  const root = readerOf(GOOD)
  chmodSync(join(root, 'workspace/server.ts'), 0o000)
  if (!canForbid()) return
  expect(await run(unprivileged(command(['check', '1'], root)))).toMatchObject({
    code: 1, stdout: '', stderr: 'workspace/server.ts cannot be read: you have no permission. chmod u+r workspace/server.ts\n',
  })
})

test.skipIf(process.platform === 'win32')('somebody who reads no further: nothing is left behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-temporary-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const reading = isolated(['sh', '-c', '"$@" | head -1', 'sh', process.execPath, RUN, 'check', '6', '--of', 'code/06-echo'])
  expect((await run(reading, { env: { TMPDIR: folder } })).stdout).toMatch(/^✓ .*\n$/)
  expect(readdirSync(folder)).toEqual([])
})
