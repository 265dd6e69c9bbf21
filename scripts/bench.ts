import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONTENT } from '../tests/lessons/index.ts'
import { PARTS } from './bench/all.ts'
import { readOptions } from './bench/support/options.ts'
import { holds, type Bench, type Findings, type Part } from './bench/support/part.ts'
import { renderTable } from './bench/support/table.ts'
import { listLessons } from './workbook/book/list.ts'
import { roomOf } from './workbook/check/lesson.ts'
import { PROJECT_ROOT } from './workbook/project.ts'

/** A build uses several cores and its yardstick one: where others want them too, the ratio says so. */
const BUSY = ' This machine is busy: what uses several cores at\nonce looks slower than it is. Measure again when it is quiet.'

/**
 * `npm run bench`: how fast and how small, each against a plain script that does the same work in the
 * same run, as no two machines are alike and none is quiet. A measurement and no test: a promise that
 * is not kept is marked OVER.
 * `--only WORDS` takes the parts whose name has the words, `--runs N` takes medians of N (5),
 * `--rounds N` checks each program N times for the part `verdicts` (25),
 * `--json FILE` also writes what was found for a program, `--json -` prints it instead of the table.
 * @returns 0; with `--strict` 1 when a promise is not kept
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { parts, runs, rounds, json, strict } = readOptions(argv, PARTS)
  const scratch = mkdtempSync(join(tmpdir(), 'port-12345-bench-'))
  const measured: Bench['measured'] = part => listLessons(root).flatMap(lesson => {
    const args = roomOf(CONTENT, lesson).measured[part]
    return args && existsSync(join(root, 'code', lesson.folder, 'server.ts')) ? { ...lesson, args } : []
  })
  const bench: Bench = { root, runs, ...(rounds !== undefined && { rounds }), scratch, say, measured }
  const print = json === '-' ? () => {} : (text: string) => console.log(text)
  const interrupted = () => process.exit(130)
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)

  const machine = describeMachine()
  print(`Medians of ${runs}, each thing in turn with its yardstick. Node ${machine.node}, ${machine.platform},\n`
    + `${machine.cpus} cores, load ${machine.load}.${machine.load > machine.cpus ? BUSY : ''}`)
  const found: { part: Part, findings: Findings }[] = []
  for (const part of parts) {
    const findings = await part.run(bench)
    say('')
    print(`\n${renderTable(part, findings)}`)
    found.push({ part, findings })
  }

  const broken = found.flatMap(({ findings }) => findings.rows).filter(row => holds(row) === false)
  print(broken.length === 0 ? '\nEvery target is kept.' : `\n${broken.length} over the target.`)
  const report = JSON.stringify({ machine, runs, parts: found.map(asJson) }, undefined, 2)
  if (json === '-') console.log(report)
  else if (json !== undefined) writeFileSync(json, `${report}\n`)
  return strict && broken.length > 0 ? 1 : 0
}

function asJson({ part: { name, headings, targets }, findings }: { part: Part, findings: Findings }) {
  return { name, headings, targets, ...findings, rows: findings.rows.map(row => ({ ...row, holds: holds(row) })) }
}

function describeMachine() {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    cpu: cpus()[0]?.model,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    date: new Date().toISOString(),
  }
}

/** Somebody who waits for minutes at a terminal sees what for; the line is gone when the table comes. */
function say(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`)
}
