import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CONTENT } from '../tests/lessons/index.ts'
import { roomOf } from './workbook/check/lesson.ts'
import { portTaken } from './workbook/machine/port.ts'
import { PORT } from './workbook/check/setting.ts'
import { environmentFor } from './workbook/experiment/environment.ts'
import type { Experiment, Step } from './workbook/experiment/parse.ts'
import { readExperiments } from './workbook/experiment/read.ts'
import { runExperiment } from './workbook/experiment/run.ts'
import { sceneOf, type Scene } from './workbook/experiment/folder.ts'
import { findLesson, listLessons, type LessonEntry } from './workbook/book/list.ts'
import { findPart, partFile } from './workbook/book/part-pages.ts'
import { isListening } from './workbook/machine/listening.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { readOptions } from './workbook/start/options.ts'

const USE = 'npm run try 6'

/** What became of one experiment. */
export interface Report {
  title: string
  line: number
  status: 'held' | 'failed' | 'recorded' | 'not proved'
  /** Why it failed or could not be run. */
  reason?: string
  /** Which netcat took part. */
  nc?: string
}

/**
 * `npm run try 6`: plays the experiments of a lesson, with the real programs, marked as they happen;
 * `npm run try part-4` those of the page with which a part opens.
 * `--only WORDS` takes those whose title has the words, `--json` prints one report a line.
 * @returns 0 when all held, 1 when one did not
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values, words: [word] } = readOptions(argv, { only: { type: 'string' }, json: { type: 'boolean', default: false } }, USE, 1)
  if (word === undefined) throw new Problem('the experiments of which lesson?', { exitCode: 2, remedy: `Use: ${USE}` })
  const { name, file, behind } = findText(root, word)
  const experiments = existsSync(join(root, file))
    ? readExperiments(root, file).filter(({ title }) => title.includes(values.only ?? ''))
    : []
  if (experiments.length === 0) {
    throw new Problem(`${name} has no experiment${values.only ? ` with "${values.only}" in its title` : ''}`)
  }
  const scene = sceneOf(behind ? roomOf(CONTENT, behind).facts.papers : [], root)
  // Found out before anything is printed that does not need the port.
  if (experiments.some(experiment => !notRun(experiment, root, scene))) await expectPort()
  let failed = 0
  for (const [index, experiment] of experiments.entries()) {
    if (!values.json) console.log(`${index > 0 ? '\n' : ''}${experiment.title}\n`)
    const onStep = values.json ? () => {} : (step: Step) => console.log(show(step, experiment))
    const onAgain = values.json ? () => {} : (otherwise: Problem) => console.log(`\n- A race: ${otherwise}\n`)
    const report = await play(experiment, root, scene, { onStep, onAgain })
    if (report.status === 'failed') failed++
    console.log(values.json ? JSON.stringify(report) : `\n${verdict(report)}`)
  }
  scene.leave()
  return failed === 0 ? 0 : 1
}

/** A text with experiments, and the lesson whose commands have been typed by then. */
function findText(root: string, word: string): { name: string, file: string, behind: LessonEntry | undefined } {
  const lessons = listLessons(root)
  const part = findPart(word)
  if (part) {
    return { name: `the page of the part "${part.name}"`, file: partFile(part), behind: lessons.findLast(({ number }) => number < part.first) }
  }
  const lesson = findLesson(lessons, word, 'npm run try ')
  return { name: `lesson ${lesson.number}`, file: `lessons/${lesson.folder}.md`, behind: lesson }
}

interface Narrator {
  onStep: (step: Step) => void
  onAgain: (otherwise: Problem) => void
}

async function play(experiment: Experiment, root: string, scene: Scene, narrator: Narrator): Promise<Report> {
  const { title, line } = experiment
  if (experiment.recorded) experiment.steps.forEach(narrator.onStep)
  const instead = notRun(experiment, root, scene)
  if (instead) return { title, line, ...instead }
  await expectPort()
  const { env, nc } = environmentFor(experiment, root)
  try {
    await runExperiment(experiment, { cwd: await scene.folderFor(experiment), env, ...narrator })
    return { title, line, status: 'held', ...(nc && { nc }) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { title, line, status: 'failed', reason: String(error), ...(nc && { nc }) }
  }
}

/** What becomes of an experiment that is not run on this machine. */
function notRun(experiment: Experiment, root: string, scene: Scene): Pick<Report, 'status' | 'reason'> | undefined {
  if (experiment.recorded) return { status: 'recorded', reason: 'it was recorded, and is not run again: not every machine can' }
  if (experiment.linux && process.platform !== 'linux') return { status: 'not proved', reason: 'it can be seen on Linux only' }
  const missing = [...new Set([...environmentFor(experiment, root).missing, ...scene.missing])]
  if (missing.length === 0) return undefined
  return { status: 'not proved', reason: `${missing.join(' and ')} missing here; npm run doctor says how to get it` }
}

async function expectPort(): Promise<void> {
  if (await isListening(PORT)) throw await portTaken()
}

const SIGNS: Partial<Record<Step['kind'], string>> = { start: '$', look: '$', type: '>', print: '|', skip: '| …', exit: '=', remark: '#', silent: '~' }

function show(step: Step, experiment: Experiment): string {
  const width = Math.max(...experiment.terminals.map(name => name.length))
  const what = step.kind === 'key' ? `^${step.text}` : `${SIGNS[step.kind] ?? ''} ${step.text}`
  return `${step.terminal.padEnd(width)} ${what}`.trimEnd()
}

function verdict({ status, reason, nc }: Report): string {
  const sign = { held: '✓ It happened', failed: '✗ It went otherwise', recorded: '- Recorded', 'not proved': '- Not proved' }[status]
  return `${sign}${nc ? ` (with ${nc})` : ''}${reason ? `: ${reason}` : ''}`
}
