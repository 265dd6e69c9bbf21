import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pokeFor } from '../../scripts/workbook/start/poke.ts'
import { ROOT } from '../support/command.ts'

const NC = 'nc -N 127.0.0.1 12345'
const folderOf = (lesson: number) => join(ROOT, 'code', readdirSync(join(ROOT, 'code')).find(name => parseInt(name) === lesson)!)

test.each<[lesson: number, words: string, poke: string | undefined, env?: NodeJS.ProcessEnv]>([
  [12, '', NC],
  [12, '--port 8080', 'nc -N 127.0.0.1 8080'],
  [12, '--port=8080 --host 127.0.0.2 --backlog 5', 'nc -N 127.0.0.2 8080'],
  [12, '', 'nc -N 127.0.0.1 8080', { PORT: '8080', HOST: '' }],
  [12, '--port 8081', 'nc -N 127.0.0.1 8081', { PORT: '8080' }],
  [12, '--port 8080x', undefined],
  [12, '--port 65536', undefined],
  [12, '--backlog many', undefined],
  [12, '--prot 8080', undefined],
  [12, '--host=', undefined],
  [12, '--help', undefined],
  [12, '8080', undefined],
  [12, '--listen 127.0.0.1:8080', undefined],
  [13, '--listen 127.0.0.1:8080', 'nc -N 127.0.0.1 8080'],
  [13, '--listen [::1]:8080', 'nc -N ::1 8080'],
  [13, '--listen 0.0.0.0:8080', 'nc -N 127.0.0.1 8080'],
  [13, '--listen unix:/tmp/echo', 'nc -N -U /tmp/echo'],
  [13, '--listen abstract:echo', undefined],
  [13, '--listen 127.1:8080', undefined],
  [13, '--listen 127.0.0.1:8080 --port 8080', undefined],
  [13, '--port 0', undefined],
  [13, '--to 127.0.0.1:8080', undefined],
  [14, '--timeout 3 --max-connections 2', NC],
  // Programs before lesson 12 look at no option.
  [9, '--port 8080', NC],
])('lesson %i, started with %s', (lesson, words, poke, env = {}) => {
  const args = words.split(' ').filter(Boolean)
  expect(pokeFor(NC, { folder: folderOf(lesson), program: 'server', args, env })).toBe(poke)
})

test.each([
  ['Hello', 'npm run lesson:13'],
  ['--port 8080 Hello', 'npm run lesson:13 -- --port 8080'],
  ['--to [::1]:8080', 'npm run lesson:13 -- --listen \'[::1]:8080\''],
  ['--to unix:/tmp/echo', 'npm run lesson:13 -- --listen unix:/tmp/echo'],
  ['--listen 127.0.0.1:8080', undefined],
])('the client of lesson 13, started with %s', (words, poke) => {
  expect(pokeFor('npm run lesson:13', { folder: folderOf(13), program: 'client', args: words.split(' '), env: {} })).toBe(poke)
})
