import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesIn } from '../support/memory.ts'
import { ROOT } from '../support/command.ts'

const ROOMS = join(ROOT, 'tests/lessons')

/** Imports from a later room, as `06-echo/behaviours.ts: ../07-a-client-of-our-own/behaviours.ts`. */
function lookingAhead(rooms: string): string[] {
  return readdirSync(rooms).filter(name => /^\d/.test(name)).flatMap(room => {
    const files = filesIn(join(rooms, room), ['wrong'])
    return files.flatMap((name, index) => index % 2 === 1 || !name.endsWith('.ts')
      ? []
      : [...(files[index + 1] ?? '').matchAll(/(?:from|import) ?\(?'((?:\.\.\/)+(\d+)-[^']*)'/g)]
          .filter(([, , number]) => Number(number) > Number.parseInt(room))
          .map(([, path]) => `${room}/${name}: ${path}`))
  })
}

test('no lesson needs a later one', () => {
  expect(lookingAhead(ROOMS)).toEqual([])
})

test('nothing but the commands and the rooms knows the rooms', () => {
  const files = filesIn(join(ROOT, 'scripts'), ['workbook'])
  const roots = files.filter((_, index) => index % 2 === 0 && /from '[^']*tests\/lessons\//.test(files[index + 1] ?? ''))
  expect(roots).toEqual(['bench.ts', 'build.ts', 'check.ts', 'hint.ts', 'try.ts'])
  expect(readFileSync(join(ROOMS, 'lane.ts'), 'utf8')).toContain('./index.ts')
})
