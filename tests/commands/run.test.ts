import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Linter } from 'eslint'
import { expect, test } from 'vitest'
import { command, type Ended, folder, ROOT, run, RUN } from '../support/command.ts'

test.each(['18.20.8', '20.18.3'])('Node %s gets one line that says which is needed', async version => {
  const ended = await runAs(version)
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  expect(ended.stderr).toBe(`This is Node ${version}; the workbook needs Node 20.19 or newer. `
    + 'Get it from https://nodejs.org/ or with your version manager.\n')
})

// There are no packages to load, so what the launcher says next is that.
test.each(['20.19.0', '22.1.0', '100.0.0'])('Node %s is new enough', async version => {
  const { stderr } = await runAs(version, join(launcherAlone(), 'scripts/run.mjs'))
  expect(stderr).toMatch(/^The packages are not installed/)
})

/** The launcher, told that it runs on another Node. */
function runAs(version: string, launcher = RUN): Promise<Ended> {
  const root = folder({
    'as.cjs': `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
  })
  return run([process.execPath, '-r', join(root, 'as.cjs'), launcher, 'lesson', '6'])
}

/** A checkout before `npm ci`. */
function launcherAlone(): string {
  const root = folder({})
  mkdirSync(join(root, 'scripts/workbook/start/typescript'), { recursive: true })
  for (const file of ['scripts/run.mjs', 'scripts/workbook/start/launch.mjs', 'scripts/workbook/start/typescript/compile-cache.mjs', 'scripts/lesson.ts']) {
    copyFileSync(join(ROOT, file), join(root, file))
  }
  return root
}

test('an old Node can read the launcher: it has no syntax newer than Node 12', () => {
  const found = new Linter().verify(readFileSync(RUN, 'utf8'), {
    files: ['**/*.mjs'],
    languageOptions: { ecmaVersion: 2020, sourceType: 'module' },
    rules: {
      'no-restricted-syntax': ['error', 'ImportDeclaration', 'ChainExpression', 'LogicalExpression[operator="??"]'],
    },
  }, 'run.mjs')
  expect(found).toEqual([])
})

test('without npm ci one line says to run it', async () => {
  const argv = [process.execPath, join(launcherAlone(), 'scripts/run.mjs'), 'lesson', '6']
  const ended = await run(argv, { env: { NODE_ENV: '' } })
  expect(ended).toEqual({
    stdout: '', stderr: 'The packages are not installed (tsx is missing). Run: npm ci\n', code: 1, signal: null,
  })
  // There `npm ci` alone would leave out every package, as all of them are development packages.
  const { stderr } = await run(argv, { env: { NODE_ENV: 'production' } })
  expect(stderr).toMatch(/Run: npm ci --include=dev\n$/)
})

test('an unknown command names the nearest one', async () => {
  const { code, stderr } = await run(command(['docter']))
  expect(code).toBe(2)
  expect(stderr).toMatch(/^there is no command "docter". Did you mean "doctor"\? Known are: .*\.\n$/)
  expect((await run(command([]))).stderr).toMatch(/^no command was given. Known are: .*doctor.*\n$/)
})

test('a bug keeps its stack', async () => {
  const root = folder({ 'code/01-bug/server.ts': 'export {}\nconst socket: any = undefined\nsocket.end()\n' })
  const { code, stderr } = await run(command(['lesson', '1'], root))
  expect(code).toBe(1)
  expect(stderr).toMatch(/TypeError: .*\n\s+at .*server\.ts:3/)
})
