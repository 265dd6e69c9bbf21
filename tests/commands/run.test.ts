import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Linter } from 'eslint'
import { expect, test } from 'vitest'
import { command, folder, ROOT, run, RUN } from './process.ts'

test('an old Node gets one line that says which is needed', async () => {
  const root = folder({
    'old.cjs': 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } })',
  })
  const ended = await run([process.execPath, '-r', join(root, 'old.cjs'), RUN, 'doctor'])
  expect(ended).toMatchObject({ code: 1, stdout: '' })
  expect(ended.stderr).toBe('This is Node 18.20.8; the workbook needs Node 20.19 or newer. '
    + 'Get it from https://nodejs.org/ or with your version manager.\n')
})

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
  const root = folder({})
  mkdirSync(join(root, 'scripts/workbook'), { recursive: true })
  for (const file of ['scripts/run.mjs', 'scripts/workbook/launch.mjs', 'scripts/lesson.ts']) {
    copyFileSync(join(ROOT, file), join(root, file))
  }
  const argv = [process.execPath, join(root, 'scripts/run.mjs'), 'lesson', '6']
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
