import { paint } from '../../text.ts'
import { hexView } from './hex-view.ts'
import type { Bytes, CheckResult, Verdict } from './verdict.ts'

/** How a report is laid out. */
export interface Style {
  /** Colours, in addition to signs and words; never instead of them. */
  colour: boolean
}

const WIDTH = 80
const INDENT = '  '

/** What is printed of a behaviour; nothing when it was not run. */
export function verdictReport(verdict: Verdict, style: Style): string | undefined {
  const { title, status, reason } = verdict
  if (status === 'not run') return undefined
  if (status === 'failed') return failureReport(verdict, style)
  if (status === 'held') return `${paint(style, 'green', '✓')} ${title}`
  return wrap(`- ${title}${reason === undefined ? '' : `: not proved ${verdict.busy ? 'now' : 'here'}, ${reason}`}`, '', '  ')
}

/**
 * Everything about the behaviour that failed, in the order in which a reader needs it: what should
 * hold, what happened, how to see it again, the bytes, who waits for whom, a hint if the mistake was recognised,
 * their own output.
 */
function failureReport(verdict: Verdict, style: Style): string {
  const { title, reason = '', diagnosis, byHand = [], waiting, hints = [], stderr } = verdict
  const paragraphs = [
    `${paint(style, 'red', '✗')} ${wrap(title, '', '  ')}\n${wrap(sentence(capital(reason)), INDENT)}`
    + (diagnosis ? `\n${wrap(sentence(capital(diagnosis.sentence)), INDENT)}` : ''),
    byHand.length > 0 && commands(byHand),
    bytes(verdict),
    printedLines(verdict),
    waiting !== undefined && wrap(sentence(capital(waiting)), INDENT),
    // What was not recognised may have nothing to do with what a hint is about.
    diagnosis ? firstHint(hints) : hints.length > 0 && `${INDENT}npm run hint says what may help.`,
    stderr !== undefined && ownWords(stderr),
  ]
  return paragraphs.filter(part => part !== false && part !== undefined && part !== '').join('\n\n')
}

/**
 * The last lines of a check.
 * @param words.again the command that was given, to which options can be added
 */
export function summary(
  { verdicts, seed, lesson, failure }: CheckResult, words: { again: string, exercise?: string },
): string {
  const count = (status: Verdict['status']) => verdicts.filter(verdict => verdict.status === status).length
  const what = words.exercise === undefined ? `Lesson ${lesson.number}` : `Exercise ${words.exercise}`
  const busy = verdicts.filter(verdict => verdict.busy).length
  const never = count('not proved') - busy
  const unproved = never > 0 ? `, ${never} cannot be proved on this system` : ''
  const later = `${busy} not proved, because this machine is too busy`
  if (!failure && busy > 0) return wrap(`${what}: ${count('held')} held${unproved}; ${later}: ${words.again.replace(/ --$/, '')} when it isn't.`, '')
  if (!failure) return wrap(`${what}: all ${count('held')} hold${unproved}.`, '')
  const skipped = count('not run') > 0 ? `, ${count('not run')} not run` : ''
  return [
    `${what}: ${count('held')} held, ${count('failed')} failed${unproved}${skipped}${busy > 0 ? `; ${later}` : ''}.`,
    ...skipped ? [`To run all of them: ${words.again} --all`] : [],
    `The same again: ${words.again} --seed ${seed}`,
  ].join('\n')
}

function commands(byHand: readonly string[]): string {
  const [only = '', ...others] = byHand
  if (others.length === 0) return `${INDENT}See it yourself:\n\n${block(only)}`
  const lead = byHand.length === 2 ? 'See it yourself, in two terminals:' : `See it yourself, in ${byHand.length} terminals:`
  return `${INDENT}${lead}\n\n${byHand.map((command, index) => block(command, `${index + 1}$ `)).join('\n')}`
}

function block(text: string, prompt = '$ '): string {
  const blank = ' '.repeat(prompt.length)
  return text.split('\n').map((line, index) => `    ${index === 0 ? prompt : blank}${line}`).join('\n')
}

function bytes({ sent, received, expected, differsAt: at }: Verdict): string {
  const differsAt = received?.length === 0 ? undefined : at
  const parts: string[] = []
  if (sent && sent.hex === expected?.hex && sent.length === expected.length) parts.push(dump('Sent, and should come back', sent, differsAt))
  else {
    if (sent) parts.push(dump('Sent', sent))
    if (expected && expected.length > 0) parts.push(dump('Should come back', expected, differsAt))
  }
  if (received?.length === 0) parts.push(`${INDENT}Came back: nothing.`)
  else if (received) {
    const what = (differsAt ?? 0) < received.length ? 'Came back, other from the mark on' : 'Came back, and ends at the mark'
    parts.push(dump(what, received, differsAt))
  }
  return parts.join('\n\n')
}

function printedLines({ wanted, nearest }: Verdict): string {
  if (wanted === undefined || nearest === undefined) return ''
  return `${INDENT}Should be printed:\n\n    ${wanted}\n\n${INDENT}Was printed:\n\n    ${nearest}`
}

function dump(what: string, view: Bytes, at?: number): string {
  const lines = hexView(view, at).map(line => `    ${line}`)
  const all = lines.filter(line => !/^[ ^]+$/.test(line)).length * 16 >= view.length
  return `${INDENT}${what} (${view.length} byte${view.length === 1 ? '' : 's'}${all ? '' : ', some of them here'}):\n\n${lines.join('\n')}`
}

function firstHint([text, ...others]: readonly string[]): string | undefined {
  if (text === undefined) return undefined
  const count = 1 + others.length
  const more = count > 1 ? '; npm run hint shows the next' : ''
  const paragraphs = text.split(/\n\s*\n/).map(paragraph => wrap(paragraph.replace(/\s+/g, ' '), '    '))
  return `${INDENT}Hint 1 of ${count}${more}:\n\n${paragraphs.join('\n\n')}`
}

// Node's own frames say nothing about the reader's program, and its place in Node's code neither.
const NOISE_RE = /^\s+at (?:.*\()?node:|^\s*$|^Node\.js v/
const NODES_PLACE_RE = /^node:[^\n]*\n(?:[^\n]*\n)*?(?=\S*(?:Error|Exception)\b)/

function quoted(line: string): string {
  const [indent = ''] = /^ */.exec(line) ?? []
  return line.length + 6 <= WIDTH ? `    | ${line}` : wrap(line.trimStart(), `      ${indent}`).replace(/^ {6}/gm, '    | ')
}

// A word that is longer than the line.
const TOO_LONG_RE = new RegExp(`^(.{${WIDTH}}).*`, 'gm')

function ownWords(stderr: string): string {
  const lines = stderr.replace(NODES_PLACE_RE, '').split('\n').filter(line => !NOISE_RE.test(line))
  const shown = lines.slice(0, 8).map(line => quoted(line.slice(0, 3 * WIDTH)).replace(TOO_LONG_RE, '$1'))
  const rest = lines.length - shown.length
  return [`${INDENT}Your program wrote to standard error:`, '', ...shown, ...rest > 0 ? [`    (and ${rest} more lines)`] : []].join('\n')
}

/** Breaks text into lines of at most 80 columns; a word that is longer stays whole. */
export function wrap(text: string, indent: string, hanging = indent): string {
  return text.split('\n').map(paragraph => {
    const lines: string[] = []
    let line = indent
    for (const word of paragraph.split(' ')) {
      const joined = line.trim() === '' ? line + word : `${line} ${word}`
      if (joined.length > WIDTH && line.trim() !== '') {
        lines.push(line)
        line = hanging + word
      } else line = joined
    }
    return [...lines, line].join('\n')
  }).join('\n')
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

/** A name of a file, an option or a function stays as it is written. */
function capital(text: string): string {
  const [first = ''] = text.split(' ')
  return /^[a-z]+(?:'s)?,?$/.test(first) && !CODE_WORDS.has(first) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text
}

const CODE_WORDS = new Set(['await', 'destroy', 'drain', 'end', 'finished', 'listen', 'nc', 'once', 'write'])
