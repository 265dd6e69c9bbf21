import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECK_HELP } from '../../scripts/workbook/check/report/help.ts'
import { command, type Ended, folder, ROOT, run } from '../support/command.ts'

const NAMES = readdirSync(join(ROOT, 'scripts')).filter(name => name.endsWith('.ts')).map(name => name.slice(0, -'.ts'.length))

const help = (...words: string[]): Promise<Ended> => run(command(words, folder({})))

test.each(NAMES)('%s -- --help: what it does and its options, on standard output, and nothing is done', async name => {
  const { code, stdout, stderr } = await help(name, '--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimStart()).toMatch(new RegExp(`^npm (run )?${name}\\b`))
  expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
  const source = readFileSync(join(ROOT, 'scripts', `${name}.ts`), 'utf8')
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport async function main/.exec(source) ?? []
  for (const [option] of comment.replaceAll('`--help`', '').matchAll(/--[a-z]+/g)) expect(stdout).toContain(option)
})

test.each(['compare', 'progress', 'certs', 'doctor', 'try', 'carry', 'new', 'sync', 'bench'])('%s: the help has the options that a wrong one is answered with', async name => {
  const { stderr } = await help(name, '--nwo')
  const { stdout } = await help(name, '--help')
  const documented = [...stdout.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, option]) => option)
  const known = [...stderr.matchAll(/--[a-z]+/g)].map(([option]) => option).filter(option => option !== '--nwo')
  expect(new Set(documented)).toEqual(new Set(known))
})

test('-h is the same, but for nc, which has its own; so is npm run help with a name', async () => {
  expect(await help('try', '-h')).toEqual(await help('try', '--help'))
  expect(await help('help', 'try')).toEqual(await help('try', '--help'))
  expect(await help('help', 'check')).toMatchObject({ code: 0, stdout: `${CHECK_HELP}\n` })
  expect(await help('nc', '-h')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^usage: nc /) })
  expect(await help('help', 'tyr')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^there is no command "tyr"\. Did you mean "try"\?/) })
})

test('a program has its own help', async () => {
  const program = 'console.log(process.argv[2])'
  const root = folder({ 'code/01-start/server.ts': program, 'workspace/server.ts': program, 'workspace/client.ts': program })
  for (const words of [['lesson', '1'], ['lesson', '1', 'server'], ['mine'], ['mine', 'client']]) {
    expect((await run(command([...words, '--help'], root))).stdout).toBe('--help\n')
  }
})
