import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CONTENT } from '../tests/lessons/index.ts'
import { CHECK_HELP } from './workbook/check/report/help.ts'
import { checkProgram, openWorkshop } from './workbook/check/check.ts'
import { findExercise, roomOf } from './workbook/check/lesson.ts'
import { namedProgram, writeNamed } from './workbook/check/named-program.ts'
import { summary, verdictReport, type Style } from './workbook/check/report/report.ts'
import { quoted } from './workbook/check/setting.ts'
import type { CheckResult } from './workbook/check/report/verdict.ts'
import type { Workshop } from './workbook/check/run/kept.ts'
import { findLesson, listLessons, type LessonEntry } from './workbook/book/list.ts'
import { didYouMean, Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { expectTemporary } from './workbook/machine/temporary.ts'
import { takesColour } from './workbook/text.ts'
import { whatNow } from './workbook/progress/next.ts'
import { expectFolder } from './workbook/start/options.ts'
import { currentLesson, readProgress } from './workbook/progress/progress.ts'
import { recordCheck } from './workbook/progress/record.ts'

const HELP = 'npm run check -- --help tells what there is.'

type Options = ReturnType<typeof parse>['values']

/**
 * `npm run check [LESSON]`: tells the behaviours of a lesson to the reader's program, and writes down
 * in their progress what became of it. `--help` lists the options and the keys of `--json`.
 * @returns 0 when all hold, 1 when one does not, 128 and the signal's number when interrupted
 * @throws Problem, with exit code 2 for wrong usage
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, positionals } = parse(argv)
  if (values.help) {
    console.log(CHECK_HELP)
    return 0
  }
  const named = namedProgram(values.of, CONTENT)
  const lesson = chooseLesson(root, named && positionals.length === 0 ? [String(named.lesson)] : positionals)
  if (named) writeNamed(named, CONTENT, root)
  const of = named?.folder ?? values.of
  const folder = resolve(root, of)
  // Found out before a check has run for nothing. The reader's own folder is no word that they have typed.
  if (of !== 'workspace') expectFolder(`--of ${of}`, of, folder, HELP)
  expectTemporary()
  if (named && !values.json) console.log(`The program is in ${named.folder}.\n`)
  if (values.watch) {
    const { watchWorkspace } = await import('./workbook/workspace/watch/watch.ts')
    // With --json, standard output is for verdicts alone.
    const output = values.json ? process.stderr : process.stdout
    const workshop = openWorkshop(CONTENT)
    const run = (chosen: LessonEntry, signal: AbortSignal) => check(root, chosen, folder, values, signal, workshop)
    return await watchWorkspace({ root, content: CONTENT, lesson, folder, run, input: process.stdin, output })
      .finally(() => workshop.close())
  }
  const stop = interruptible()
  try {
    const { passed } = await check(root, lesson, folder, values, stop.signal)
    return passed ? 0 : 1
  } catch (error) {
    if (stop.signal.aborted) return stop.signal.reason as number
    throw error
  } finally {
    stop.release()
  }
}

/** One check, printed as it goes. */
async function check(
  root: string, lesson: LessonEntry, folder: string, options: Options, signal: AbortSignal, workshop?: Workshop,
): Promise<CheckResult> {
  const exercise = options.exercise === undefined ? undefined : findExercise(options.exercise, roomOf(CONTENT, lesson))
  const style: Style = { colour: takesColour(process.stdout) }
  const result = await checkProgram({
    root, lesson, content: CONTENT, folder, signal, all: options.all, ...(workshop && { workshop }),
    ...(exercise && { behaviours: exercise.behaviours }),
    ...(options.seed !== undefined && { seed: wholeNumber('--seed', options.seed) }),
    ...(options.patience !== undefined && { patience: wholeNumber('--patience', options.patience) }),
    onVerdict: verdict => {
      // A machine is told of what was not run as well.
      const text = options.json ? JSON.stringify(verdict) : verdictReport(verdict, style)
      if (text !== undefined) console.log(text)
    },
  })
  if (!options.json) console.log(`\n${summary(result, { again: againLine(lesson, options), ...(exercise && { exercise: exercise.id }) })}`)
  if (exercise && result.passed && !options.json) {
    // A check that fails has no use for it, and a start should be short.
    const { unlikeTheBook } = await import('./workbook/workspace/compare.ts')
    const changed = unlikeTheBook(join(root, 'code', lesson.folder), folder)
    // A file that the book has not is in nobody's way.
    if (changed.length > 0) {
      console.log('Change it back before you go on, unless the page says that it may stay. To have the book\'s file again:\n'
        + `npm run compare ${lesson.number} -- --restore ${changed.length > 1 ? 'FILE' : changed[0]} (yours is kept)`)
    }
  }
  // What is tried out elsewhere, or for an exercise, is not how far the reader is.
  if (exercise || folder !== join(root, 'workspace')) return result
  const lessons = listLessons(root)
  const progress = recordCheck(root, lessons, result)
  const isDone = result.passed && result.complete
  if (isDone && !options.json && !options.watch) console.log(whatNow(progress, lessons, lesson))
  return result
}

function againLine({ number }: LessonEntry, { of, exercise }: Options): string {
  const rest = [...of === 'workspace' ? [] : ['--of', quoted(of)], ...exercise === undefined ? [] : ['--exercise', exercise]]
  return [`npm run check ${number} --`, ...rest].join(' ')
}

function chooseLesson(root: string, words: readonly string[]): LessonEntry {
  const lessons = listLessons(root)
  const [word, extra] = words
  if (extra !== undefined) throw wrongUsage(`"${extra}" is one word too many`)
  if (word === undefined) {
    const current = currentLesson(readProgress(root), lessons)
    if (current) return current
  }
  return findLesson(lessons, word ?? '1', 'npm run check ')
}

function parse(argv: string[]) {
  const options = {
    all: { type: 'boolean', default: false },
    bail: { type: 'boolean', default: false },
    exercise: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
    json: { type: 'boolean', default: false },
    of: { type: 'string', default: 'workspace' },
    patience: { type: 'string' },
    seed: { type: 'string' },
    watch: { type: 'boolean', default: false },
  } as const
  const known = Object.keys(options).map(name => `--${name}`)
  const unknown = argv.find(word => /^--[^=]/.test(word) && !known.includes(word.split('=')[0] ?? ''))
  if (unknown !== undefined) throw wrongUsage(`there is no option "${unknown}". ${didYouMean(unknown, known)}`)
  try {
    return parseArgs({ args: argv, allowPositionals: true, options })
  } catch (error) {
    throw wrongUsage((error as Error).message.split(/[.\n]/)[0] ?? '')
  }
}

function wholeNumber(option: string, value: string): number {
  if (/^\d{1,9}$/.test(value) && Number(value) > 0) return Number(value)
  throw wrongUsage(`${option} takes a whole number from 1 on, and "${value}" is none`)
}

function wrongUsage(message: string): Problem {
  return new Problem(message, { exitCode: 2, remedy: HELP })
}

/** A signal that is aborted, with the exit code as its reason, when the process is told to end. */
function interruptible(): { signal: AbortSignal, release: () => void } {
  const stop = new AbortController()
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const handlers = Object.entries(codes).map(([name, code]) => [name, () => {
    // Whoever presses Ctrl-C twice does not want to wait; what was started ends with us all the same.
    if (stop.signal.aborted) process.exit(code)
    stop.abort(code)
  }] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return { signal: stop.signal, release: () => handlers.forEach(([name, handler]) => process.off(name, handler)) }
}
