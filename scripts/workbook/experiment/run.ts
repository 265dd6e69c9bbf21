import { Problem } from '../problem.ts'
import { waitForListening } from '../machine/listening.ts'
import { patienceNow } from '../machine/patience.ts'
import { fillIn, fits, type Values } from './match.ts'
import type { Experiment, Step } from './parse.ts'
import { Terminal } from './terminal.ts'

/**
 * Deadlines in milliseconds, times patienceNow(): six stamps of lesson 11 take long on a machine that does ten
 * other things. A step that holds takes far less, they only bound what fails; but silence lasts as long as it
 * says, and what goes on behind it takes longer there, too.
 */
const DEADLINES = { step: 30_000, silence: 500, again: 100 }
const longEnough = () => DEADLINES.step * patienceNow()
const SERVER_RE = /^\(?(?:ulimit -n \d+; |[A-Z]+=\S* )*npm run lesson:\d+\b(?! (?!server\b)\w)/
/** An `nc` that listens at a port: it prints nothing when it is ready. */
const LISTENER_RE = /\bnc (?:-\w+ )*-\w*l\w* (?:-\w+ )*(?:\S+ )?(\d+)\b/
/** Where a server of lesson 12 or later is told to listen: a port of its own, or a place that has none. */
const PLACE_RE = /--port[ =](\d+)|\bPORT=(\d+)|--listen[ =]'?(?:unix:|abstract:|\S*:(\d+))/

export interface RunOptions {
  /** The project's root: commands run there. */
  cwd: string
  env: NodeJS.ProcessEnv
  /** Called after each step that held. */
  onStep?: (step: Step, printed: string) => void
  /** Called when a race went otherwise, before it is run again from the first step. */
  onAgain?: (otherwise: Problem) => void
}

/** How often a race is run until it goes as shown: what is rare never comes five times, what is wrong always does. */
const RACES = 5

/**
 * Runs an experiment with the real programs, step by step, and stops every process it started.
 * @throws Problem at the step that did not hold, with what was printed instead
 */
export async function runExperiment(experiment: Experiment, options: RunOptions): Promise<void> {
  for (let left = experiment.race ? RACES : 1; left > 0; left--) {
    try {
      return await runOnce(experiment, options)
    } catch (error) {
      if (left === 1 || !(error instanceof Problem)) throw error
      options.onAgain?.(error)
    }
  }
}

async function runOnce(experiment: Experiment, options: RunOptions): Promise<void> {
  const terminals = new Map<string, Terminal>()
  const values: Values = new Map()
  const killAll = () => Promise.all([...terminals.values()].map(terminal => terminal.kill()))
  const onExit = () => void killAll()
  process.once('exit', onExit)
  try {
    for (const [index, step] of experiment.steps.entries()) {
      const printed = await runStep(step, experiment, index, { terminals, values, options })
      options.onStep?.(step, printed)
    }
    expectNothingMore(experiment, terminals)
  } finally {
    process.off('exit', onExit)
    await killAll()
  }
}

interface Run {
  terminals: Map<string, Terminal>
  values: Values
  options: RunOptions
}

async function runStep(step: Step, experiment: Experiment, index: number, run: Run): Promise<string> {
  const { terminals, values, options } = run
  const terminal = terminals.get(step.terminal)
  const fail = (message: string) => problemAt(experiment, step, message)
  switch (step.kind) {
    case 'remark':
      return ''
    case 'start': {
      await expectEnded(terminal, step, experiment)
      await serversReady(experiment, index, terminals)
      terminals.set(step.terminal, new Terminal(fillIn(step.text, values), options))
      return ''
    }
    case 'look': {
      await expectEnded(terminal, step, experiment)
      await serversReady(experiment, index, terminals)
      terminals.set(step.terminal, await look(step, experiment, index, run))
      return ''
    }
    case 'type':
      terminal?.type(step.text)
      return ''
    case 'key':
      terminal?.press(step.text)
      return ''
    case 'print': {
      const printed = await terminal?.nextLine(longEnough())
      if (printed === undefined) throw fail(`expected the line "${step.text}", and ${terminal?.running ? 'nothing more was printed' : 'the program ended'}`)
      if (!fits(step.text, printed, values)) throw fail(`expected the line "${fillIn(step.text, values)}", printed was "${printed}"`)
      return printed
    }
    case 'skip': {
      await skipTo(experiment, index, terminal, values)
      return ''
    }
    case 'silent':
      if (await terminal?.silentFor(DEADLINES.silence * patienceNow())) return ''
      throw fail(`expected silence, printed was "${terminal?.lines[0] ?? ''}"`)
    case 'exit': {
      if (!await terminal?.ended(longEnough())) throw fail(`expected the program to end with exit code ${step.text}, and it is still running`)
      if (terminal?.lines.length) throw fail(`expected the program to end, printed was "${terminal.lines[0]}"`)
      if (String(terminal?.exitCode) !== step.text) throw fail(`expected exit code ${step.text}, and it was ${terminal?.exitCode}`)
      return String(terminal?.exitCode)
    }
  }
}

/** A state of the kernel settles in its own time: the command is run again until it prints what is expected. */
async function look(step: Step, experiment: Experiment, index: number, { values, options }: Run): Promise<Terminal> {
  const expected = experiment.steps.slice(index + 1)
    .filter(other => other.terminal === step.terminal)
  const end = expected.findIndex(other => other.kind !== 'print')
  const prints = end < 0 ? expected : expected.slice(0, end)
  const deadline = Date.now() + longEnough()
  for (;;) {
    const terminal = new Terminal(fillIn(step.text, values), options)
    await terminal.ended(longEnough())
    const trial: Values = new Map(values)
    const held = terminal.lines.length === prints.length
      && prints.every((print, at) => fits(print.text, terminal.lines[at] ?? '', trial))
    if (held || Date.now() > deadline) return terminal
    await terminal.kill()
    await new Promise(resolve => setTimeout(resolve, DEADLINES.again))
  }
}

async function skipTo(
  experiment: Experiment,
  index: number,
  terminal: Terminal | undefined,
  values: Values,
): Promise<void> {
  const step = experiment.steps[index]!
  const next = experiment.steps.slice(index + 1).find(other => other.terminal === step.terminal && other.kind !== 'remark')
  if (next?.kind !== 'print') {
    terminal?.ignoreTheRest()
    return
  }
  for (;;) {
    const line = await terminal?.nextLine(longEnough())
    if (line === undefined) {
      throw problemAt(experiment, next, `expected the line "${next.text}" some time, and it never came`)
    }
    if (fits(next.text, line, values)) {
      terminal?.lines.unshift(line)
      return
    }
  }
}

/** A client started before the server listens would be refused, and nothing would be wrong with either. */
async function serversReady(experiment: Experiment, index: number, terminals: Map<string, Terminal>): Promise<void> {
  for (const step of experiment.steps.slice(0, index)) {
    const terminal = terminals.get(step.terminal)
    // One that has listened and does so no more has been told to stop.
    if (step.kind === 'start' && startsServer(step.text) && terminal?.running && !terminal.hasListened) {
      const port = portIn(step.text)
      terminal.hasListened = port === 0 || await waitForListening(port, longEnough(), () => !terminal.running)
    }
  }
}

/** Whether a command starts the server of a lesson, and no other program of its folder; or an `nc` that listens. */
export function startsServer(command: string): boolean {
  return SERVER_RE.test(command) || LISTENER_RE.test(command)
}

/** The port at which the server of a command will listen; 0 where it prints the place, which is waited for. */
function portIn(command: string): number {
  const found = PLACE_RE.exec(command) ?? LISTENER_RE.exec(command)
  return found ? Number(found[1] ?? found[2] ?? found[3] ?? 0) : 12345
}

async function expectEnded(terminal: Terminal | undefined, step: Step, experiment: Experiment): Promise<void> {
  if (terminal === undefined) return
  if (!await terminal.ended(longEnough())) throw problemAt(experiment, step, 'the command before it in this terminal is still running')
  if (terminal.lines.length) throw problemAt(experiment, step, `nobody expected the line "${terminal.lines[0]}" of the command before it`)
}

function expectNothingMore(experiment: Experiment, terminals: Map<string, Terminal>): void {
  for (const [name, terminal] of terminals) {
    if (terminal.lines.length === 0) continue
    const last = experiment.steps.findLast(step => step.terminal === name) ?? experiment.steps[0]!
    throw problemAt(experiment, last, `nobody expected the line "${terminal.lines[0]}" after this`)
  }
}

function problemAt(experiment: Experiment, step: Step, message: string): Problem {
  return new Problem(`in the terminal "${step.terminal}" ${message}`, {
    place: { file: experiment.file, line: step.line, column: step.column },
  })
}
