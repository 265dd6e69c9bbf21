import { expect, test } from 'vitest'
import { command, folder, run } from '../support/command.ts'

const mine = (files: Record<string, string>, ...args: string[]) => run(command(['mine', ...args], folder(files)))

test('runs workspace/server.ts', async () => {
  const { code, stdout, stderr } = await mine({ 'workspace/server.ts': 'console.log(...process.argv.slice(2))' }, '--a', 'b')
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '--a b\n', stderr: '> workspace/server.ts\n\n' })
})

test('runs another file by name, with or without .ts', async () => {
  const files = { 'workspace/client.ts': 'console.log("client", process.argv[2])' }
  expect((await mine(files, 'client', 'x')).stdout).toBe('client x\n')
  expect((await mine(files, 'client.ts', 'x')).stdout).toBe('client x\n')
})

test('says to make the file when there is none', async () => {
  expect(await mine({})).toMatchObject({
    code: 1,
    stderr: 'workspace/server.ts is not there. Make that file, type a lesson\'s program into it, then: npm run mine\n',
  })
})

test('an unknown program names those that are there', async () => {
  const { code, stderr } = await mine({ 'workspace/server.ts': '', 'workspace/client.ts': '' }, 'clinet')
  expect(code).toBe(2)
  expect(stderr).toContain('there is no program "clinet" in workspace/. Did you mean "client"?')
})

test('an option that npm has kept is named, and how to hand it on', async () => {
  const argv = (...args: string[]) => command(['mine', ...args], folder({ 'workspace/server.ts': 'console.log("on")' }))
  const words = await run(argv('8080'), { env: { npm_config_port: 'true' } })
  expect(words).toMatchObject({ code: 2, stdout: '' })
  expect(words.stderr).toContain('npm kept --port for itself. Two dashes hand it on: npm run mine -- --port 8080\n')
  const none = await run(argv(), { env: { npm_config_port: '8080' } })
  expect(none).toMatchObject({ code: 0, stdout: 'on\n' })
  expect(none.stderr).toBe('> workspace/server.ts\n> npm kept --port for itself: write -- in front of it\n\n')
})

const loads = `import { createServer } from 'node:net'\nexport { createServer }\n`

test.each([
  ['a syntax error', 'const a = 1\nconst b: = 2\n', 'workspace/server.ts:2:10: Unexpected "=".'],
  ['an open bracket', 'console.log(1\n', 'workspace/server.ts:2:1: Expected ")" but found end of file.'],
  ['a file that is not there', `${loads}import './helper.ts'\n`,
    'workspace/server.ts:3: this imports "helper.ts", which is not there. Check the spelling and the ending .ts of the name.'],
  ['a package that is not there', `${loads}import 'no-such-package'\n`,
    'workspace/server.ts:3: this imports "no-such-package", which is not there. Check the spelling and the ending .ts of the name.'],
  ['a module that Node has not', `${loads}import 'node:nett'\n`, 'workspace/server.ts:3: Node has no module "node:nett".'],
  ['a misspelt name', `${loads}import { createSever } from 'node:net'\ncreateSever()\n`,
    'workspace/server.ts:3: "node:net" exports no "createSever".'],
])('%s gets one line with its place', async (_, source, line) => {
  expect(await mine({ 'workspace/server.ts': source })).toEqual({
    stdout: '', stderr: `> workspace/server.ts\n\n${line}\n`, code: 1, signal: null,
  })
})

test('an error in an imported file names that file', async () => {
  const { stderr } = await mine({ 'workspace/server.ts': `import './a.ts'`, 'workspace/a.ts': 'let x = =\n' })
  expect(stderr).toContain('workspace/a.ts:1:9: Unexpected "=".\n')
})
