import { describe, expect, test } from 'vitest'
import { parseExperiment } from '../../scripts/workbook/experiment/parse.ts'

const parse = (content: string, info = 'A title') => parseExperiment(info, content, 'lessons/01-x.md', 10)

test('every sign is a step', () => {
  const { steps, terminals } = parse([
    'server $ npm run lesson:6', 'server | Starting', 'server | …', 'nc     ? ss -ltn', 'nc > Hello', 'nc ~', 'nc ^D', 'nc = 0', 'nc # a remark',
  ].join('\n'))
  expect(steps.map(step => step.kind)).toEqual(['start', 'print', 'skip', 'look', 'type', 'silent', 'key', 'exit', 'remark'])
  expect(terminals).toEqual(['server', 'nc'])
  expect(steps[3]).toMatchObject({ text: 'ss -ltn', line: 14, column: 8 })
})

test('blanks of a printed line are kept, but for the one behind the sign', () => {
  expect(parse('a $ x\na |   48 65').steps[1]?.text).toBe('  48 65')
})

test('attributes stand in braces before the title', () => {
  expect(parse('a $ x', '{recorded linux} Seen once')).toMatchObject({ title: 'Seen once', recorded: true, linux: true, race: false })
  expect(parse('a $ x', '{race} Who is first')).toMatchObject({ recorded: false, linux: false, race: true })
})

describe('what is wrong is named with line and column', () => {
  test.each([
    ['an unknown sign', 'server $ x\nserver ! y', 'lessons/01-x.md:12:8: "!" is no sign'],
    ['no sign at all', 'Server says hello', 'lessons/01-x.md:11:1: "Server says hello" is no step'],
    ['an unknown key', 'a $ x\na ^Q', 'lessons/01-x.md:12:3: "^Q" is no key'],
    ['a word for an exit code', 'a $ x\na = fine', 'lessons/01-x.md:12:3: "fine" is no exit code'],
    ['a blank that is missing', 'a $ x\na |y', 'lessons/01-x.md:12:4: a blank is missing'],
    ['a terminal where nothing runs', 'server $ x\nsever | y', 'lessons/01-x.md:12:7: nothing was started yet in the terminal "sever". Did you mean "server"?'],
    ['nothing started', 'a # only talk', 'lessons/01-x.md:10: nothing is started'],
  ])('%s', (_, content, message) => {
    expect(() => parse(content)).toThrow(expect.objectContaining({ toString: expect.any(Function) }) as Error)
    expect(saidBy(() => parse(content))).toContain(message)
  })

  test('an unknown attribute', () => {
    expect(saidBy(() => parse('a $ x', '{recoded} T'))).toContain('no attribute "recoded". Did you mean "recorded"?')
  })

  test('no title', () => {
    expect(saidBy(() => parse('a $ x', ''))).toContain('no title')
  })
})

function saidBy(job: () => unknown): string {
  try {
    job()
  } catch (error) {
    return String(error)
  }
  return ''
}
