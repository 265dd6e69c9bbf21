import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, test } from 'vitest'
import { makePapers, noOpenssl } from '../../scripts/workbook/certs/make.ts'
import { writeVariant } from '../../scripts/workbook/check/change.ts'
import type { WrongProgram } from '../../scripts/workbook/check/lesson.ts'
import { environmentOf, removeOwnNc } from '../../scripts/workbook/experiment/environment.ts'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { CONTENT } from '../lessons/index.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved, tooBusy } from '../support/not-proved.ts'
import { hasOwnNetwork } from '../support/own-network.ts'
import { examiners } from '../support/examiners/examiners.ts'
import { room } from '../support/rooms.ts'
import { inWhole } from '../support/whole.ts'

const { check } = examiners()
const folders: string[] = []
afterAll(() => {
  removeOwnNc()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

// Bounds what hangs: each is checked, and then played up to four times for some 20 s.
const BOUND = { timeout: 300_000 }

/** In place of what was shown. */
const BUSY = 'too busy'

/** What the reader sees with the wrong program and not with the right one; or the other way round. */
interface Seen {
  id: string
  /** Lines begin with the number of their terminal: `2| Hello`, and `2= 0` when its command has ended. */
  shows?: RegExp
  lacks?: RegExp
  /** Where two programs are told apart by what one terminal prints, whatever that is. */
  terminal?: 1 | 2
}

/** One of each kind of failure, and of each kind of client. */
const CASES: readonly Seen[] = [
  { id: 'hears-one-chunk', terminal: 1 },
  { id: 'bytes-as-text', terminal: 2 },
  ...process.versions.node.startsWith('24.') ? [] : [{ id: 'closes-too-soon/obvious', terminal: 2 } as const],
  { id: 'first-piece-only', terminal: 2 },
  { id: 'waits-for-ever', terminal: 2 },
  // runs-on, ended-otherwise, not-listening, no-line
  { id: 'guesses-numbers', shows: /^1= 137$/m },
  { id: 'one-exit-code', shows: /^1\| 1$/m },
  { id: 'ignores-options', shows: /^2= 1$/m },
  { id: 'keeps-the-backlog', shows: /^2\| LISTEN +\d+ +511 /m },
  { id: 'bare-ipv6', shows: /^1\| Received new connection from ::1:\d+$/m },
  // stays-open, closed, descriptors, ended
  { id: 'only-notices-silence', shows: /^2= 137$/m },
  { id: 'turns-away-in-silence', lacks: /^2\| Full: 25 clients/m },
  { id: 'keeps-them-at-the-door', shows: /^3\| .* users:/m },
  { id: 'exits-in-the-handler', lacks: /^2\| Hello$/m },
  // no-warning, no-handshake, silence, differs, and a client that must not let go
  { id: 'common-name-will-do', lacks: /^1\| Warning: /m },
  { id: 'speaks-plainly', lacks: /^2\| Hello$/m },
  { id: 'greets-too-soon', lacks: /^2\| Hello$/m },
  { id: 'counts-callers', shows: /^3\| Full: 1 clients/m },
  { id: 'ends-with-its-client', shows: /^3\| Full: 1 clients/m },
  { id: 'keeps-a-default', lacks: /^2\| Received: 'Hello'$/m },
]

// One terminal for each command, in a network of their own: the first has a moment to listen, and each reader
// types a line. The kernel itself says, without a tool, that somebody listens (0A).
const SCRIPT = `
  shell=$(command -v bash || echo sh)
  terminal() {
    (sleep 2; echo Hello; sleep 30) 2>/dev/null | sh -c 'echo $$ >"$FOLDER/pid$2"; exec timeout -s KILL 60 "$0" -c "$1"' \
      $shell "$2" "$1" 2>&1 | sed -u "s/^/$1| /"
  }
  number=0
  for command in "$@"; do
    number=$((number + 1))
    terminal $number "$command
ended=\\$?; echo; echo '='\\$ended; exit \\$ended" >"$FOLDER/$number" 2>&1 &
    [ $number = 1 ] && for i in $(seq 200); do
      grep -qs ' 0A ' /proc/net/tcp /proc/net/tcp6 && break; grep -qs '^1| =' "$FOLDER/1" && break; sleep 0.1
    done
    sleep 1
  done
  for i in $(seq 100); do grep -Ls '^.| =' "$FOLDER"/[1-3] | grep -q . || break; sleep 0.1; done
  for pid in "$FOLDER"/pid*; do env kill -KILL -- -$(cat "$pid") 2>/dev/null; done
  sleep 0.5`

/** @returns what each terminal has shown */
async function play(commands: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-by-hand-'))
  try {
    const [file = '', ...args] = isolated(['sh', '-c', `${SCRIPT}; cat "$FOLDER"/[1-3]`, 'play', ...commands])
    const { stdout } = await promisify(execFile)(file, args, {
      cwd, env: { ...env, FOLDER: folder }, timeout: 90_000, maxBuffer: 1 << 28,
    })
    return [1, 2, 3].reduce((text, number) => asEnded(text, number, commands.length), stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One that had to be killed has not said how it ended. */
function asEnded(text: string, number: number, count: number): string {
  const said = new RegExp(`^${number}\\| =(\\d+)$`, 'm')
  if (number > count) return text
  return said.test(text) ? text.replace(said, `${number}= $1`) : `${text}${number}= 137\n`
}

/** A folder like that of a reader who has come so far: the program, and the papers of the lesson. */
async function folderOf(wrong: WrongProgram, program: WrongProgram['program']): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-reader-'))
  folders.push(folder)
  const { folder: name, facts } = room(wrong.lesson)
  mkdirSync(join(folder, 'program'))
  writeVariant(join(ROOT, 'code', name), program, join(folder, 'program'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  if (facts.papers.length > 0) await makePapers(folder, { sets: [...facts.papers] })
  return folder
}

const WRONG = CASES.flatMap(seen => {
  const wrong = CONTENT.wrong.find(({ id }) => id === seen.id)
  // Node 24, and no other, makes some wrong programs right.
  if (!wrong && !process.versions.node.startsWith('24.')) throw new Error(`there is no wrong program ${seen.id}`)
  return wrong ? [{ ...seen, ...wrong }] : []
})
const LEFT = !inWhole('that "See it yourself" shows what is wrong')

test.skipIf(LEFT || !hasOwnNetwork('that "See it yourself" shows what is wrong')).concurrent.for(WRONG)('"See it yourself" shows $id', BOUND, async (
  wrong, context,
) => {
  const { expect } = context
  const { id, lesson, breaks, shows, lacks, terminal } = wrong
  const noPapers = room(lesson).facts.papers.length > 0 ? noOpenssl() : undefined
  const reason = wrong.unless?.() ?? breaks.unless?.() ?? noPapers
  if (reason !== undefined) return notProved(`that "See it yourself" shows ${id}: ${reason}`)
  const folder = await folderOf(wrong, wrong.program)
  const right = await folderOf(wrong, [])
  const ingredients = [breaks.id, String(shows ?? lacks), ...filesIn(join(folder, 'program')), ...filesIn(join(right, 'program'))]
  const tsx = import.meta.resolve('tsx')
  const [commands, missing, shown, usual] = await remembered(context, `the commands of ${id}`, ingredients, async () => {
    const { failure, verdicts } = await check(lesson, join(folder, 'program'), { only: breaks.id, patience: 3 })
    if (!failure && verdicts.some(({ busy }) => busy)) return [[], [], BUSY, '']
    const commands = (failure?.byHand ?? []).map(command => command.replaceAll('--import tsx', `--import ${tsx}`))
    const { env, missing } = environmentOf(commands.join('\n'), ROOT)
    if (missing.length > 0) return [commands, missing, '', '']
    const [usual, first] = await Promise.all([
      play(commands.map(command => command.replaceAll(folder, right)), right, env), play(commands, folder, env),
    ])
    // Pauses and late readers are races: on a machine that is busy enough they can be lost, and not every time.
    let shown = first
    for (let tries = 2; !differs(shown, usual) && tries > 0; tries--) shown = await play(commands, folder, env)
    return [commands, missing, shown, usual]
  })
  if (shown === BUSY) return tooBusy(`that "See it yourself" shows ${id}`)
  expect(commands).not.toEqual([])
  if (missing.length > 0) return notProved(`that "See it yourself" shows ${id}: ${missing.join(' and ')} missing here`)
  expect(shown + usual).not.toMatch(/not found|SyntaxError|TypeError|usage:/)
  if (terminal) expect(of(terminal, shown)).not.toBe(of(terminal, usual))
  if (shows) expect(shown).toMatch(shows)
  if (shows) expect(usual).not.toMatch(shows)
  if (lacks) expect(usual).toMatch(lacks)
  if (lacks) expect(shown).not.toMatch(lacks)

  function differs(one: string, other: string): boolean {
    if (terminal) return of(terminal, one) !== of(terminal, other)
    return shows ? shows.test(one) && !shows.test(other) : !lacks?.test(one)
  }
})

function of(terminal: number, text: string): string {
  return text.split('\n').filter(line => line.startsWith(String(terminal))).join('\n').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
}
