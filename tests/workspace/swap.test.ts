import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { swapIn, type NewFile } from '../../scripts/workbook/workspace/swap.ts'
import { failFs, patchFs, restoreFs } from './patched-fs.ts'
import { contentsOf, readerOf } from './reader.ts'

const NEW = [file('client.ts', 'book\'s client'), file('lib/deep/words.ts', 'book\'s words'), file('server.ts', 'book\'s server')]

test('into an empty folder', () => {
  const folder = workspace({})
  expect(swapIn(folder, NEW)).toEqual({ placed: ['client.ts', 'lib/deep/words.ts', 'server.ts'], same: [], moved: [] })
  expect(read(folder, 'lib/deep/words.ts')).toBe('book\'s words')
  expect(readdirSync(folder).sort()).toEqual(['client.ts', 'lib', 'server.ts'])
})

test('what has the same names is kept under them; all else stays', () => {
  const folder = workspace({ 'server.ts': 'mine', 'lib/deep/words.ts': 'my words', 'lib/other.ts': 'other', 'notes.md': 'notes' })
  const { kept = '', ...swapped } = swapIn(folder, NEW)
  expect(swapped).toEqual({ placed: ['client.ts', 'lib/deep/words.ts', 'server.ts'], same: [], moved: ['lib/deep/words.ts', 'server.ts'] })
  expect(kept).toMatch(/\/kept-\d{4}-\d\d-\d\d-\d{4}$/)
  expect([read(kept, 'server.ts'), read(kept, 'lib/deep/words.ts')]).toEqual(['mine', 'my words'])
  expect([read(folder, 'lib/other.ts'), read(folder, 'notes.md'), read(folder, 'server.ts')]).toEqual(['other', 'notes', 'book\'s server'])
  expect(readdirSync(kept).sort()).toEqual(['lib', 'server.ts'])
  expect(readdirSync(folder)).toHaveLength(5)
})

test('what is the same already stays where it is', () => {
  const folder = workspace({ 'server.ts': 'book\'s server', 'client.ts': 'mine' })
  const { same, moved } = swapIn(folder, NEW)
  expect({ same, moved }).toEqual({ same: ['server.ts'], moved: ['client.ts'] })
})

test('a link is moved, and what it points to stays', () => {
  const folder = workspace({ 'elsewhere.txt': 'mine' })
  symlinkSync('elsewhere.txt', join(folder, 'server.ts'))
  symlinkSync('/nowhere', join(folder, 'client.ts'))
  const { kept = '' } = swapIn(folder, NEW)
  expect(contentsOf(kept)).toEqual(new Map([['client.ts', 'link /nowhere'], ['server.ts', 'link elsewhere.txt']]))
  expect(read(folder, 'elsewhere.txt')).toBe('mine')
})

test.each([
  ['a folder where a file should be', { 'server.ts/mine.txt': 'mine' }, /server\.ts is in the way: it is a folder\. Nothing was changed\. Move it away/],
  ['a file where a folder should be', { lib: 'mine' }, /lib is in the way: a folder has to be there\. Nothing was changed\. Move it away/],
])('%s is refused before anything moves', (_, files, line) => {
  const folder = workspace({ ...files, 'client.ts': 'mine' })
  const before = contentsOf(folder)
  expect(() => swapIn(folder, NEW)).toThrow(expect.objectContaining({ name: 'Problem' }))
  expect(thrown(() => swapIn(folder, NEW))).toMatch(line)
  expect(contentsOf(folder)).toEqual(before)
})

test('a link where a folder should be is refused: nothing is written through it', () => {
  const folder = workspace({})
  mkdirSync(join(folder, '../elsewhere'))
  symlinkSync('../elsewhere', join(folder, 'lib'))
  expect(thrown(() => swapIn(folder, NEW))).toMatch(/lib is in the way/)
  expect(readdirSync(join(folder, '../elsewhere'))).toEqual([])
})

// Each operation on files fails once, at each of its calls: everything must be as it was.
test.each(['mkdtempSync', 'openSync', 'writeFileSync', 'fsyncSync', 'mkdirSync', 'renameSync', 'linkSync', 'copyFileSync'] as const)(
  'when %s fails, everything is as it was before', name => {
    for (let call = 1; call < 100; call++) {
      const folder = workspace({ 'server.ts': 'mine', 'lib/deep/words.ts': 'my words', 'client.ts': 'my client' })
      const before = contentsOf(folder)
      if (name === 'copyFileSync') failFs(['linkSync'], 1, { code: 'EXDEV', times: Infinity })
      const failing = failFs([name], call)
      const told = thrown(() => swapIn(folder, NEW))
      restoreFs()
      if (!failing.reached) return expect(call).toBeGreaterThan(1)
      expect(told).toMatch(/the disk is full\. Nothing was changed\./)
      expect(contentsOf(folder), `${name}, call ${call}`).toEqual(before)
    }
    throw new Error('it never ends')
  })

test('a file system without second names gets copies', () => {
  failFs(['linkSync'], 1, { code: 'EPERM', times: Infinity })
  const folder = workspace({ 'server.ts': 'mine' })
  expect(swapIn(folder, NEW).moved).toEqual(['server.ts'])
  expect(read(folder, 'server.ts')).toBe('book\'s server')
})

test('a file that appears meanwhile is not overwritten, and the older one is not lost', () => {
  const folder = workspace({ 'server.ts': 'mine' })
  patchFs('renameSync', original => (from, to) => {
    original(from, to)
    if (from === join(folder, 'server.ts')) writeFileSync(from, 'saved by my editor')
  })
  const told = thrown(() => swapIn(folder, [file('server.ts', 'book\'s server')]))
  expect(told).toMatch(/could not be finished: .*server\.ts is there already\. Nothing is lost: server\.ts of before is in .*kept-[\d-]+\/\.$/)
  expect(read(folder, 'server.ts')).toBe('saved by my editor')
  const [kept = ''] = readdirSync(folder).filter(name => name.startsWith('kept-'))
  expect(read(folder, `${kept}/server.ts`)).toBe('mine')
  expect(readdirSync(folder).sort()).toEqual([kept, 'server.ts'])
})

function file(name: string, text: string): NewFile {
  return { name, content: Buffer.from(text) }
}

function workspace(files: Record<string, string>): string {
  const root = readerOf(Object.fromEntries(Object.entries(files).map(([name, text]) => [`workspace/${name}`, text])))
  mkdirSync(join(root, 'workspace'), { recursive: true })
  return join(root, 'workspace')
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

function thrown(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return String(error)
  }
}
