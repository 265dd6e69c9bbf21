import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { partFile } from '../../scripts/workbook/book/part-pages.ts'
import { PARTS } from '../../scripts/workbook/book/parts.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { makeLesson } from '../../scripts/workbook/book/write/new-lesson.ts'
import { FILL_IN } from '../../scripts/workbook/book/write/new-texts.ts'
import { copyOfBook } from '../support/book.ts'
import { folder, ROOT, workbook } from '../support/command.ts'
import { filesIn } from '../support/memory.ts'
import { inWhole } from '../support/whole.ts'

// A lesson after the last, as an author makes it: what it touches, and whether everything takes it in.

const NUMBER = Math.max(...readdirSync(join(ROOT, 'code')).map(name => Number.parseInt(name))) + 1
const NAME = `${NUMBER}-a-toy`
const ROOM = `tests/lessons/${NAME}`
const GREETS = 'the toy greets a client, and ends'
const WORDS = 'a client that is not greeted does not know that it has been heard'
const HINT = 'The toy has one thing to say. Which line says it?'

const FILES: Record<string, string> = {
  [`${ROOM}/lesson.ts`]: `import { lesson } from '#workbook/check/lesson.ts'
import { secondCopy } from '../02-a-listening-socket/behaviours.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
  begins: 'toy',
  keeps: [secondCopy],
  async ready({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.receives('Hi\\n')
  },
  behaviours,
  exercises,
  mistakes,
})
`,
  [`${ROOM}/behaviours.ts`]: `import type { Behaviour } from '#workbook/check/behaviour.ts'

const greets = (id: string, title: string, words: string): Behaviour => ({
  id,
  title,
  async story({ serve, connect }) {
    await serve()
    const peer = await connect()
    await peer.receives(words)
  },
})

export const greeting = greets('toy-greets', '${GREETS}', 'Hi\\n')
export const shouting = greets('exercise-greet-louder', 'it is heard from afar', 'HI\\n')
export const behaviours: readonly Behaviour[] = [greeting]
`,
  [`${ROOM}/mistakes.ts`]: `import { change } from '#workbook/check/change.ts'
import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { greeting } from './behaviours.ts'

export const mistakes: readonly Mistake[] = [
  {
    id: 'greets-nobody',
    of: [greeting],
    find: ({ behaviour, kind }) => behaviour === greeting && kind === 'closed' ? '${WORDS}' : undefined,
    wrong: [{ breaks: greeting, program: [change('server.ts', 'conn.end(\\'Hi\\\\n\\')', 'conn.end()')] }],
  },
]
`,
  [`${ROOM}/exercises.ts`]: `import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'
import { shouting } from './behaviours.ts'

export const exercises: readonly Exercise[] = [
  { id: 'greet-louder', behaviours: [shouting], solution: [change('server.ts', 'Hi\\\\n', 'HI\\\\n')] },
]
`,
  [`${ROOM}/hints.yaml`]: ['toy-greets', 'toy-greets', 'second-copy'].map(id => `- for: [${id}]\n  text: |\n    ${HINT}\n`).join('\n'),
}

const EXERCISE = `
:::: exercise Greet louder
Say it so that it is heard from afar.

::: solution
\`\`\`ts sketch
conn.end('HI\\n')
\`\`\`
:::
::::
`

/** Writes the wrong program and the solution of the toy where they can be checked, as the room declares them. */
const WRITE = `import { writeVariant } from './scripts/workbook/check/change.ts'
import { CONTENT } from './tests/lessons/index.ts'
const base = 'code/${NAME}'
writeVariant(base, CONTENT.wrong.find(({ id }) => id === 'greets-nobody').program, 'wrong')
writeVariant(base, CONTENT.lessons.at(-1).exercises[0].solution, 'solved')
`

/** Every file of a book by name: what a lesson may not touch is compared with this. */
function filesOf(root: string): Map<string, string> {
  const all = ['lessons', 'code', 'tests', 'scripts', 'site'].flatMap(folder => {
    const found = filesIn(join(root, folder), ['dist'])
    return found.flatMap((name, index): [string, string][] => index % 2 === 0 ? [[`${folder}/${name}`, found[index + 1] ?? '']] : [])
  })
  return new Map([...all, ...['package.json', 'CONTRIBUTING.md'].map((name): [string, string] => [name, readFileSync(join(root, name), 'utf8')])])
}

const LEFT = !inWhole('a lesson that is added')

test.skipIf(LEFT)('a lesson with a behaviour, a mistake, an exercise and a hint touches three places and what sync writes', { timeout: 400_000 }, async () => {
  const { root, edit } = copyOfBook({ commands: true })
  const before = filesOf(root)
  expect((await workbook(['new', 'A toy', '--begins', 'toy'], { root })).stdout).toContain(`Lesson ${NUMBER} has its places.`)
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text)
  edit(`code/${NAME}/server.ts`, 'conn.end()', 'conn.end(\'Hi\\n\')')
  const text = join(root, `lessons/${NAME}.md`)
  writeFileSync(text, readFileSync(text, 'utf8').replace('conn.end()', 'conn.end(\'Hi\\n\')').replace('## What is still wrong', `${EXERCISE}\n## What is still wrong`))
  expect(await workbook(['sync'], { root })).toEqual({ code: 0, stdout: '', stderr: '' })
  const touched = [...filesOf(root)].filter(([name, content]) => before.get(name) !== content).map(([name]) => name)
  // The first lesson of a part makes its page too.
  const opened = touched.filter(name => name.startsWith('lessons/parts/'))
  expect(opened.length).toBeLessThan(2)
  expect(touched.sort()).toEqual([...opened, `code/${NAME}/server.ts`, `lessons/${NAME}.md`, 'package.json', 'tests/lessons/index.ts', ...Object.keys(FILES)].sort())
  expect(before.size).toBe(filesOf(root).size - touched.length + 2)

  // What earlier programs promised has ended, but for what is kept.
  const check = (folder: string, ...more: string[]) => workbook(['check', String(NUMBER), '--of', folder, ...more], { root })
  const right = await check(`code/${NAME}`)
  expect(right).toMatchObject({ code: 0, stderr: '' })
  expect(right.stdout).toContain(`✓ ${GREETS}\n`)
  expect(right.stdout).toMatch(new RegExp(`\\nLesson ${NUMBER}: all 2 hold\\.\\n`))
  const previous = readdirSync(join(root, 'code')).sort().at(-2) ?? ''
  expect(await check(`code/${previous}`)).toMatchObject({ code: 1, stdout: expect.stringContaining(`✗ ${GREETS}`) })

  writeFileSync(join(root, 'write.ts'), WRITE)
  execFileSync(process.execPath, ['--import', 'tsx', 'write.ts'], { cwd: root })
  const wrong = await check('wrong')
  expect(wrong.code).toBe(1)
  const said = wrong.stdout.replace(/\s+/g, ' ')
  expect(said.toLowerCase()).toContain(WORDS)
  expect(said).toContain(HINT)
  expect(await check('solved', '--exercise', 'greet-louder')).toMatchObject({ code: 0 })
  expect(await check(`code/${NAME}`, '--exercise', 'greet-louder')).toMatchObject({ code: 1 })

  expect(await workbook(['build'], { root })).toMatchObject({ code: 0, stderr: '' })
  const page = readFileSync(join(root, `site/dist/lessons/${NAME}.html`), 'utf8')
  for (const words of ['A toy', 'Greet louder', GREETS]) expect(page).toContain(words)
})

test('a place that is taken, no title, a title without letters: one line, and nothing is made', async () => {
  const { root } = copyOfBook({ commands: true })
  mkdirSync(join(root, ROOM))
  const before = filesOf(root)
  expect(await workbook(['new', 'A toy'], { root })).toEqual({
    code: 1, stdout: '', stderr: `${ROOM}/ is there already. Nothing was made. Go on with that, or choose another title.\n`,
  })
  expect(await workbook(['new', 'Echo'], { root })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^lessons\/\d\d-echo\.md is there already\./) })
  expect(await workbook(['new'], { root })).toMatchObject({ code: 2, stderr: expect.stringMatching(/^what is its title\? Use: npm run new/) })
  expect(await workbook(['new', '…'], { root })).toMatchObject({ code: 2, stderr: expect.stringMatching(/makes no name for files/) })
  expect(filesOf(root)).toEqual(before)
})

test.skipIf(LEFT)('as it is made, with the program before it: it is fit for tsc and eslint, it builds, and its check says what to write', { timeout: 400_000 }, async () => {
  const { root } = copyOfBook({ commands: true })
  expect(await workbook(['new', 'A toy that is "quoted": all of it'], { root })).toMatchObject({ code: 0, stderr: '' })
  const name = readdirSync(join(root, 'code')).sort().at(-1) ?? ''
  expect(filesIn(join(root, 'code', name))).toEqual(filesIn(join(ROOT, 'code', readdirSync(join(ROOT, 'code')).sort().at(-1) ?? '')))
  writeFileSync(join(root, 'eslint.config.js'), readFileSync(join(ROOT, 'eslint.config.js')))
  const npx = (...args: string[]) => execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  npx('node_modules/typescript/bin/tsc', '--noEmit')
  npx('node_modules/eslint/bin/eslint.js', `lessons/${name}.md`, `code/${name}`, `tests/lessons/${name}`)
  const { code, stdout } = await workbook(['check', String(NUMBER), '--of', `code/${name}`], { root })
  expect(code).toBe(1)
  expect(stdout).toContain('This story is not written yet: see')
  expect(await workbook(['build'], { root })).toMatchObject({ code: 0 })
})

test('a lesson that opens a part makes its page, which says what to fill in; the next one leaves that alone', () => {
  const root = folder({})
  const part = PARTS[0]!
  expect(makeLesson(root, 'A toy').made).toEqual(['lessons/01-a-toy.md', 'code/01-a-toy/', 'tests/lessons/01-a-toy/', partFile(part)])
  expect(readFileSync(join(root, partFile(part)), 'utf8')).toContain(`\n\n${FILL_IN}: `)
  expect(readWorkbook(root).texts.map(({ file }) => file)).toEqual([partFile(part), 'lessons/01-a-toy.md'])
  writeFileSync(join(root, partFile(part)), 'mine')
  expect(makeLesson(root, 'A second toy').made).not.toContain(partFile(part))
  expect(readFileSync(join(root, partFile(part)), 'utf8')).toBe('mine')
})

test('nothing of the book is left to fill in', () => {
  const found = ['lessons', 'tests/lessons'].flatMap(folder => {
    const files = filesIn(join(ROOT, folder))
    return files.filter((_, index) => index % 2 === 0 && files[index + 1]?.includes(FILL_IN)).map(name => `${folder}/${name}`)
  })
  expect(found).toEqual([])
})
