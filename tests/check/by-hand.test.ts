import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { environmentOf, removeOwnNc } from '../../scripts/workbook/experiment/environment.ts'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { findLesson, listLessons } from '../../scripts/workbook/book/list.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved } from '../support/not-proved.ts'
import { hasOwnNetwork } from '../support/own-network.ts'
import { inWhole } from '../support/whole.ts'
import { examiners, upTo } from '../support/examiners/examiners.ts'

const { check, variant } = examiners()
afterAll(removeOwnNc)

// Bounds what hangs: each is checked, and then played up to four times for up to 12 s.
const BOUND = { timeout: 300_000 }

/** Wrong programs whose commands were once not to be told from a right one's. */
const SHOW = new Set(['hears-one-chunk', 'bytes-as-text', 'closes-too-soon/obvious', 'first-piece-only', 'waits-for-ever'])
const CASES = CONTENT.wrong.filter(({ id }) => SHOW.has(id))

// The first command serves and the second calls, in a network of their own. What the caller prints shows it, and
// where nothing is sent back, what the server prints. The kernel itself says, without a tool, that port 12345 (3039)
// listens (0A).
const SCRIPT = `
  sh -c "exec $1" </dev/null >"$3/one" 2>&1 &
  server=$!
  for i in $(seq 100); do grep -qs ':3039 0*:0000 0A ' /proc/net/tcp /proc/net/tcp6 && break; sleep 0.1; done
  timeout -s KILL 12 sh -c "$2" >"$3/two" 2>&1
  echo "= $?" >>"$3/two"
  kill -KILL $server
  if [ "$4" = 5 ]; then cat "$3/one"; else cat "$3/two"; fi`

async function play([server = '', client = '']: readonly string[], lesson: number, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-by-hand-'))
  try {
    const [file = '', ...args] = isolated(['sh', '-c', SCRIPT, 'play', server, client, folder, String(lesson)])
    const { stdout } = await promisify(execFile)(file, args, { cwd: ROOT, env, timeout: 60_000, maxBuffer: 1 << 28 })
    return stdout.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const LEFT = !inWhole('that "See it yourself" shows what is wrong')

test.skipIf(LEFT || !hasOwnNetwork('that "See it yourself" shows what is wrong')).concurrent.for(CASES)('"See it yourself" shows $id in lesson $lesson', BOUND, async ({ id, lesson, breaks, program }, context) => {
  const { expect } = context
  const wrong = variant(lesson, program)
  const right = `code/${findLesson(listLessons(ROOT), String(lesson)).folder}`
  const ingredients = [breaks.id, ...filesIn(wrong), ...filesIn(join(ROOT, right))]
  const [commands, missing, shown, usual] = await remembered(context, `the commands of ${id}`, ingredients, async () => {
    const { failure } = await check(lesson, wrong, { ...upTo(breaks.id), patience: 3 })
    const commands = failure?.byHand ?? []
    const { env, missing } = environmentOf(commands.join('\n'), ROOT)
    if (missing.length > 0) return [commands, missing, '', '']
    const others = commands.map(command => command.replaceAll(wrong, right))
    const usual = await play(others, lesson, env)
    let shown = await play(commands, lesson, env)
    // Pauses and late readers are races: on a machine that is busy enough they can be lost, and not every time.
    for (let tries = 2; shown === usual && tries > 0; tries--) shown = await play(commands, lesson, env)
    return [commands, missing, shown, usual]
  })
  expect(commands).toHaveLength(2)
  if (missing.length > 0) return notProved(`that "See it yourself" shows ${id}: ${missing.join(' and ')} missing here`)
  expect(shown).not.toBe(usual)
  expect(shown + usual).not.toMatch(/not found|SyntaxError|TypeError|usage:/)
})
