import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KINDS } from '../../../site/highlight/theme.ts'

const read = (name: string) => readFileSync(new URL(`../../../site/styles/${name}.css`, import.meta.url), 'utf8')
const colours = new Map([...`${read('palette')}${read('figures')}`.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)]
  .map(([, name = '', light = '', dark = '']) => [name, { light, dark }]))

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(at => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Colour names meeting as text and ground; AA asks for 4.5, and 3 for what is drawn or bounds a control. */
const TEXT = 4.5
const DRAWN = 3
const CODE = ['ink', 'code-keyword', 'code-string', 'code-number-literal', 'code-function', 'code-type', 'code-comment']
const PAIRS: [names: string[], grounds: string[], least: number][] = [
  [['ink', 'ink-soft', 'link'], ['paper', 'paper-low', 'paper-high'], TEXT],
  [['signal'], ['paper', 'paper-high'], TEXT],
  [['rule-strong', 'code-new-bar'], ['paper', 'paper-high', 'paper-low'], DRAWN],
  [CODE, ['code-ground', 'code-new', 'paper-low'], TEXT],
  [['code-faded', 'code-number'], ['code-ground', 'code-new', 'code-removed'], TEXT],
  [['code-new-bar'], ['code-ground'], DRAWN],
  [['code-new-bar'], ['code-new', 'paper', 'paper-high'], TEXT],
  [['signal'], ['code-removed'], TEXT],
  [['term-ink', 'term-typed', 'term-prompt', 'term-soft'], ['term-ground', 'term-bar', 'term-now'], TEXT],
  [['fig-ink', 'fig-muted', 'fig-accent', 'fig-accent-2', 'fig-client', 'fig-server', 'fig-kernel'], ['fig-paper', 'fig-fill'], TEXT],
  [['fig-line'], ['fig-paper'], DRAWN],
]

test('contrast is computed as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

describe.each(['light', 'dark'] as const)('in the %s scheme', scheme => {
  const cases = PAIRS.flatMap(([names, grounds, least]) =>
    names.flatMap(name => grounds.map(ground => [name, ground, least] as const)))
  test.each(cases)('%s on %s reaches %s', (name, ground, least) => {
    const [a, b] = [colours.get(name)?.[scheme], colours.get(ground)?.[scheme]]
    if (!a || !b) throw new Error(`no colour ${a ? ground : name}`)
    expect(contrast(a, b)).toBeGreaterThanOrEqual(least)
  })
})

test('every colour of the palette is in a pair, or only divides and fills', () => {
  const paired = new Set(PAIRS.flatMap(([names, grounds]) => [...names, ...grounds]))
  expect([...colours.keys()].filter(name => !paired.has(name))).toEqual(['rule', 'term-edge'])
})

test('every kind of token has a colour', () => {
  for (const kind of Object.keys(KINDS)) expect(read('code')).toMatch(new RegExp(`^\\.${kind} \\{ color: var\\(--code-`, 'm'))
})

test('the list of figure colours in the style sheet says what they are', () => {
  const said = new Map([...read('figures').matchAll(/^ {5}--([\w-]+) +(#[0-9a-f]{6}) +(#[0-9a-f]{6}) /gm)]
    .map(([, name = '', light = '', dark = '']) => [name, { light, dark }]))
  expect(said).toEqual(new Map([...colours].filter(([name]) => name.startsWith('fig-'))))
})
