import { didYouMean, Problem } from '../problem.ts'
import { anchorOf } from '../text.ts'

/** What a step does; the sign that writes it is in SIGNS. */
export type StepKind
  = | 'start' | 'look' | 'type' | 'print' | 'skip' | 'key' | 'exit' | 'silent' | 'remark'

/** One line of an experiment. */
export interface Step {
  kind: StepKind
  terminal: string
  /** The command, the line typed or printed, the key's letter, the exit code, the remark. */
  text: string
  /** Where it stands in the lesson's file, from 1. */
  line: number
  column: number
}

/** What happens in two or three terminals, from top to bottom. */
export interface Experiment {
  title: string
  /** For links to it, unique in its lesson. */
  slug: string
  /** Shown as it once ran, and not run again: what it needs is not on every machine. */
  recorded: boolean
  /** True only of Linux; run there and nowhere else. */
  linux: boolean
  /** Two programs race in it, and it now and then goes otherwise than shown: it is run again. */
  race: boolean
  /** In order of appearance. */
  terminals: string[]
  steps: Step[]
  file: string
  line: number
}

const SIGNS: Record<string, StepKind> = {
  $: 'start', '?': 'look', '>': 'type', '|': 'print', '^': 'key', '=': 'exit', '~': 'silent', '#': 'remark',
}
const KEYS = ['^C', '^D']
const ATTRIBUTES = ['recorded', 'linux', 'race']

// A terminal's name, blanks, a sign; `^D` is the one sign that is followed by its letter.
const STEP_RE = /^(\s*)([a-z][a-z0-9-]*)(\s+)(\S)(.*)$/
const INFO_RE = /^(?:\{([^}]*)\}\s*)?(.*)$/

/**
 * Reads an `experiment` fence.
 * @param info what stands behind the word `experiment` on the fence's first line
 * @param line the number of that line in `file`
 * @throws Problem naming line and column
 */
export function parseExperiment(info: string, content: string, file: string, line: number): Experiment {
  const [, attributes = '', title = ''] = INFO_RE.exec(info.trim()) ?? []
  const given = attributes.split(/\s+/).filter(Boolean)
  for (const name of given) {
    if (!ATTRIBUTES.includes(name)) {
      throw new Problem(`an experiment has no attribute "${name}"`, { place: { file, line }, remedy: didYouMean(name, ATTRIBUTES) })
    }
  }
  if (title === '') {
    throw new Problem('this experiment has no title', { place: { file, line }, remedy: 'Write it behind the word experiment.' })
  }
  const steps = content.replace(/\n$/, '').split('\n')
    .map((text, index) => ({ text, line: line + 1 + index }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, line }) => parseStep(text, file, line))
  checkOrder(steps, file, line)
  return {
    title,
    slug: anchorOf(title),
    recorded: given.includes('recorded'),
    linux: given.includes('linux'),
    race: given.includes('race'),
    terminals: [...new Set(steps.filter(step => step.kind !== 'remark').map(step => step.terminal))],
    steps,
    file,
    line,
  }
}

function parseStep(text: string, file: string, line: number): Step {
  const found = STEP_RE.exec(text)
  if (!found) {
    throw new Problem(`"${text.trim()}" is no step`, {
      place: { file, line, column: 1 },
      remedy: 'A step is a terminal\'s name, a sign ($ ? > | ^ = ~ #) and what happens.',
    })
  }
  const [, before = '', terminal = '', gap = '', sign = '', rest = ''] = found
  const column = before.length + terminal.length + gap.length + 1
  const kind = SIGNS[sign]
  if (!kind) {
    throw new Problem(`"${sign}" is no sign of an experiment`, { place: { file, line, column }, remedy: 'Known are: $ ? > | ^ = ~ #.' })
  }
  const step = { kind, terminal, text: rest.replace(/^ /, ''), line, column }
  if (kind === 'key') {
    if (!KEYS.includes(sign + rest.trim())) {
      throw new Problem(`"${sign}${rest}" is no key`, { place: { file, line, column }, remedy: `Known are: ${KEYS.join(', ')}.` })
    }
    return { ...step, text: rest.trim() }
  }
  if (rest !== '' && !rest.startsWith(' ')) {
    throw new Problem(`a blank is missing behind the ${sign}`, { place: { file, line, column: column + 1 } })
  }
  if (kind === 'exit' && !/^\d+$/.test(step.text)) {
    throw new Problem(`"${step.text}" is no exit code`, { place: { file, line, column }, remedy: 'It is a number from 0 to 255.' })
  }
  return kind === 'print' && step.text === '…' ? { ...step, kind: 'skip' } : step
}

function checkOrder(steps: readonly Step[], file: string, line: number): void {
  if (!steps.some(step => step.kind === 'start' || step.kind === 'look')) {
    throw new Problem('nothing is started in this experiment', { place: { file, line }, remedy: 'Begin with a step such as: server $ npm run lesson:6' })
  }
  const started = new Set<string>()
  for (const { kind, terminal, line, column } of steps) {
    if (kind === 'start' || kind === 'look') started.add(terminal)
    else if (kind !== 'remark' && !started.has(terminal)) {
      throw new Problem(`nothing was started yet in the terminal "${terminal}"`, {
        place: { file, line, column },
        remedy: started.size > 0 ? didYouMean(terminal, [...started]) : `Start it with: ${terminal} $ command`,
      })
    }
  }
}
