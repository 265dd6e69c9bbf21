import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { CHECK_HELP } from '../../scripts/workbook/check/report/help.ts'
import type { Verdict } from '../../scripts/workbook/check/report/verdict.ts'
import { verdictReport } from '../../scripts/workbook/check/report/report.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { room } from '../support/rooms.ts'

const { type, programs } = examiners()

const PASSES = '1 --of code/01-a-name-and-a-number --patience 3'
const CRASHES = programs({ 'server.ts': 'console.log(\'Starting\')\nthrow new Error(\'enough\')\n' })
const FAILS = `1 --of ${CRASHES} --patience 3 --seed 7`

/** The keys that `--help` documents: those with ? may be missing. */
function documented(): { always: string[], maybe: string[] } {
  const [, table = ''] = CHECK_HELP.split('nothing to say:\n\n')
  const keys = table.split('\n').flatMap(line => /^ {2}(\w+\??)(?: |$)/.exec(line)?.[1] ?? [])
  return {
    always: keys.filter(key => !key.endsWith('?')),
    maybe: keys.filter(key => key.endsWith('?')).map(key => key.slice(0, -1)),
  }
}

test('--json: one object a behaviour, with the documented keys and no others', async () => {
  const { always, maybe } = documented()
  expect(always).toEqual(['id', 'title', 'status', 'seed'])
  const seen = new Set<string>()
  const cases = [['prints-something-else', 4], ['swallows-the-first', 6], ['crashes', 5]] as const
  for (const [wrong, lesson] of cases) {
    const { code, stdout, stderr } = await type(`${lesson} --of wrong:${wrong} --json --seed 7 --patience 2`)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const verdicts = stdout.trim().split('\n').map(line => JSON.parse(line) as Verdict)
    expect(verdicts).toHaveLength(room(lesson).behaviours.length)
    for (const verdict of verdicts) {
      const keys = Object.keys(verdict)
      expect(keys).toEqual(expect.arrayContaining(always))
      expect([...always, ...maybe]).toEqual(expect.arrayContaining(keys))
      expect(['held', 'failed', 'not proved', 'not run']).toContain(verdict.status)
      expect(verdict.seed).toBe(7)
      for (const bytes of [verdict.sent, verdict.received, verdict.expected]) {
        if (!bytes) continue
        expect(Object.keys(bytes)).toEqual(['length', 'from', 'hex'])
        expect(bytes.hex).toMatch(/^(?:[0-9a-f]{2}){0,512}$/)
        expect(bytes.from + bytes.hex.length / 2).toBeLessThanOrEqual(bytes.length)
      }
      for (const hint of verdict.hints ?? []) expect(hint).toMatch(/^\S[^]*\S$/)
      keys.forEach(key => seen.add(key))
    }
  }
  // Nothing is documented that never comes; this one does on a busy machine.
  seen.add('busy')
  expect([...seen].sort()).toEqual([...always, ...maybe].sort())
})

test('exit codes: 0 when all holds, 1 when something does not, 2 for wrong usage', async () => {
  const held = await type(PASSES)
  expect(held).toMatchObject({ code: 0, stderr: '' })
  expect(held.stdout).toBe('✓ it says "Starting server on port 12345"\n' + '✓ startServer is called: it says "Nobody listens on 127.0.0.1 yet"\n'
    + '✓ it ends by itself, with exit code 0\n\nLesson 1: all 3 hold.\n')
  expect(await type(FAILS)).toMatchObject({ code: 1, stderr: '' })
  expect(await type('1 --sede 7')).toMatchObject({ code: 2, stdout: '' })
})

test.each(['--help', '-h', '6 --help', '--help --json'])('%s prints the help, and nothing is checked', async words => {
  expect(await type(words)).toMatchObject({ code: 0, stdout: `${CHECK_HELP}\n`, stderr: '' })
  expect(CHECK_HELP.split('\n').filter(line => line.length > 80)).toEqual([])
})

test('at a terminal colours are added, and no word or sign is; NO_COLOR and TERM=dumb leave them out', async () => {
  const plain = (await type(FAILS)).stdout
  expect(plain).not.toContain('\x1b')
  const coloured = (await type(FAILS, { terminal: true, env: { NO_COLOR: '', TERM: 'xterm' } })).stdout
  expect(coloured).toContain('\x1b[31m✗\x1b[39m')
  expect(stripVTControlCharacters(coloured)).toBe(plain)
  expect((await type(FAILS, { terminal: true, env: { NO_COLOR: '1', TERM: 'xterm' } })).stdout).toBe(plain)
  expect((await type(FAILS, { terminal: true, env: { NO_COLOR: '', TERM: 'dumb' } })).stdout).toBe(plain)
})

test('the last lines, and how to go on', async () => {
  const again = `npm run check 1 -- --of ${CRASHES}`
  expect((await type(FAILS)).stdout)
    .toMatch(new RegExp(`\\n\\nLesson 1: 0 held, 1 failed, 2 not run\\.\\nTo run all of them: ${again} --all\\nThe same again: ${again} --seed 7\\n$`))
  expect((await type(`${FAILS} --all`)).stdout).toMatch(/\n\nLesson 1: 0 held, 3 failed\.\nThe same again: .*\n$/)
})

test('a hint is shown where the mistake was recognised, and otherwise to those who ask', () => {
  const failed: Verdict = { id: 'one', title: 'one', status: 'failed', seed: 1, reason: 'it is not', hints: ['Look at it.', 'Look again.'] }
  const unknown = verdictReport(failed, { colour: false })
  expect(unknown).toMatch(/\n {2}npm run hint says what may help\.$/)
  expect(unknown).not.toContain('Look')
  const known = verdictReport({ ...failed, diagnosis: { id: 'two', sentence: 'it is two' } }, { colour: false })
  expect(known).toMatch(/\n {2}Hint 1 of 2; npm run hint shows the next:\n\n {4}Look at it\.$/)
})
