import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT, run } from '../support/command.ts'
import { canForbid, unprivileged } from '../support/unprivileged.ts'

const LONG_AGO = new Date('2020-01-01')

/** A project with the compiler and these modules in it, none of them new. */
function project(files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'port-12345-compiled-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'scripts/workbook/start/typescript'), { recursive: true })
  for (const file of ['scripts/run.mjs', 'scripts/workbook/start/launch.mjs', 'scripts/workbook/start/typescript/compile-cache.mjs']) {
    copyFileSync(join(ROOT, file), join(root, file))
  }
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const save = (name: string, text: string, at = LONG_AGO) => {
    writeFileSync(join(root, name), text)
    utimesSync(join(root, name), at, at)
  }
  for (const [name, text] of Object.entries(files)) save(name, text)
  return {
    root,
    save,
    kept: () => existsSync(join(root, '.cache/compiled')) ? readdirSync(join(root, '.cache/compiled')) : [],
    say: (argv = (words: string[]) => words) => run(argv([process.execPath, join(root, 'scripts/run.mjs'), 'say'])),
    /** @returns whether JavaScript was made of it, or found */
    compiled: async (name: string, from = root) => {
      const compiler = pathToFileURL(join(from, 'scripts/workbook/start/typescript/compile-cache.mjs')).href
      const { stdout } = await run([process.execPath, '-e', `import('${compiler}').then(async ({ compiled }) => console.log(await compiled('${join(from, name)}')))`])
      return stdout.trim() !== 'undefined'
    },
  }
}

const SAY = 'import { words } from \'./words.ts\'\nexport const main = () => console.log(words())\n'
const words = (text: string) => `export const words = (): string => '${text}'\n`

test('a command is made once, and again when something that it imports has changed', async () => {
  const { save, kept, say } = project({ 'scripts/say.ts': SAY, 'scripts/words.ts': words('first') })
  expect(await say()).toMatchObject({ code: 0, stdout: 'first\n', stderr: '' })
  const once = kept()
  expect(once).toHaveLength(2)
  expect((await say()).stdout).toBe('first\n')
  expect(kept()).toEqual(once)
  // Of the same length, and a second later.
  save('scripts/words.ts', words('again'), new Date(+LONG_AGO + 1000))
  expect((await say()).stdout).toBe('again\n')
  expect(kept()).toHaveLength(3)
})

test('each module finds the folder that it was in', async () => {
  const { root, say } = project({
    'scripts/say.ts': SAY,
    'scripts/words.ts': 'export const words = () => `${import.meta.dirname} ${import.meta.url}`\n',
  })
  const folder = join(root, 'scripts')
  expect((await say()).stdout).toBe(`${folder} ${pathToFileURL(join(folder, 'words.ts')).href}\n`)
})

test('a project that has been moved, with what was kept, is compiled anew', async () => {
  const { root, say } = project({
    'scripts/say.ts': SAY, 'scripts/words.ts': 'export const words = () => import.meta.dirname\n',
  })
  await say()
  const moved = `${root}-moved`
  onTestFinished(() => rmSync(moved, { recursive: true, force: true }))
  cpSync(root, moved, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  const { stdout } = await run([process.execPath, join(moved, 'scripts/run.mjs'), 'say'])
  expect(stdout).toBe(`${join(moved, 'scripts')}\n`)
})

test('a bug is told with its place in the source', async () => {
  const { root, say } = project({ 'scripts/say.ts': SAY, 'scripts/words.ts': '\n\nexport const words = (): string => { throw new Error(\'a bug\') }\n' })
  for (let times = 0; times < 2; times++) {
    const { code, stderr } = await say()
    expect(code).toBe(1)
    expect(stderr).toMatch(/Error: a bug\n/)
    expect(stderr).toContain(`${join(root, 'scripts/words.ts')}:3`)
  }
})

test('what was saved a moment ago is compiled and not kept: it may have been saved while it was read', async () => {
  const { save, kept, compiled, say } = project({ 'scripts/say.ts': SAY, 'scripts/words.ts': words('first') })
  save('scripts/words.ts', words('future'), new Date(Date.now() + 60_000))
  expect(await compiled('scripts/say.ts')).toBe(false)
  expect(kept()).toEqual([])
  expect((await say()).stdout).toBe('future\n')
})

test('only the last few are kept', async () => {
  const { save, kept, say } = project({ 'scripts/say.ts': SAY, 'scripts/words.ts': words('0') })
  for (let count = 1; count <= 5; count++) {
    save('scripts/words.ts', words(String(count)), new Date(+LONG_AGO + count * 1000))
    expect((await say()).stdout).toBe(`${count}\n`)
  }
  expect(kept().filter(name => !name.endsWith('.json'))).toHaveLength(3)
})

test('where nothing may be written, and of broken code, nothing is made; the command runs or says what is wrong', async () => {
  const { root, save, kept, say } = project({ 'scripts/say.ts': SAY, 'scripts/words.ts': words('first') })
  save('scripts/words.ts', 'export const words = (: string\n')
  const broken = await say()
  expect(broken.code).toBe(1)
  expect(broken.stderr).toContain('words.ts:1')
  expect(kept()).toEqual([])
  if (!canForbid()) return
  save('scripts/words.ts', words('first'))
  rmSync(join(root, '.cache'), { recursive: true, force: true })
  chmodSync(root, 0o555)
  onTestFinished(() => chmodSync(root, 0o755))
  expect(await say(unprivileged)).toMatchObject({ code: 0, stdout: 'first\n', stderr: '' })
  expect(kept()).toEqual([])
})
