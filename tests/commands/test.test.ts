import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, folder, ROOT, run } from '../support/command.ts'

/** `npm test` of a project without tests. */
function tests(...args: string[]) {
  const root = folder({ 'vitest.config.ts': 'export default {}' })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  return run(command(['test', ...args], root))
}

test.each([
  ['--nonsense', 'vitest has no option "--nonsense"'],
  ['--bail', 'vitest: option `--bail <number>` value is missing'],
])('%s: one line, wrong usage', async (option, complaint) => {
  expect(await tests(option)).toEqual({
    code: 2, signal: null, stdout: '', stderr: `${complaint}. Use: npm test, npm test -- --all, npm test -- --anew, or with what npx vitest run --help lists\n`,
  })
})

test('an option of vitest is handed on, and what it writes to standard error is printed', async () => {
  expect(await tests('--passWithNoTests')).toMatchObject({ code: 0, stderr: expect.stringContaining('include: ') })
  expect(await tests('--bail', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('include: ') })
})
