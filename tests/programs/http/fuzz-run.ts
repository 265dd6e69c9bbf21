import { Random } from '../../../scripts/workbook/check/client/random.ts'
import { mutated, inPieces } from './mutate.ts'
import { validRequests } from './requests.ts'
import type { Outcome } from './seen.ts'
import { nodesOwn, ours, type NodesOutcome } from './servers.ts'

/** What is wrong with what a server made of an input, and the input. */
export interface Finding {
  what: string
  /** Its bytes, in base64. */
  input: string
  ours: Outcome
  node: NodesOutcome
}

export interface Report {
  inputs: number
  /** How many of them every server took as they were meant, took in part, or refused. */
  valid: number
  refused: number
  /** What Node's server refuses and ours does not, by the reason. */
  lenient: Record<string, number>
  findings: Finding[]
  /** What the server had resident behind three fifths and at the end, in bytes. */
  memory: [before: number, after: number]
}

const AT_ONCE = 16

// A program of its own, in a network of its own: fuzz-run.ts FOLDER SEED COUNT prints what it has found.
const [folder = '', seed = '1', count = '1000'] = process.argv.slice(2)
const server = await ours(folder)
const node = await nodesOwn()
const random = new Random(Number(seed))
const report: Report = { inputs: 0, valid: 0, refused: 0, lenient: {}, findings: [], memory: [0, 0] }

async function oneInput(): Promise<void> {
  const valid = validRequests(random)
  const isMutated = random.next() % 5 !== 0
  const bytes = isMutated ? mutated(random, valid.bytes) : valid.bytes
  const pieces = inPieces(random, bytes)
  const [mine, theirs] = await Promise.all([server.ask(pieces), node.ask(pieces)])
  report.inputs++
  if (report.inputs === Math.floor(Number(count) * 3 / 5)) report.memory[0] = server.memory()
  if (mine.refused !== undefined) report.refused++
  const what = isMutated ? wrongWith(mine, theirs) : wrongWithValid(mine, valid.seen)
  if (!isMutated && what === undefined) report.valid++
  if (what === undefined) return
  const [, why] = what === LENIENT ? WHY.find(([sign]) => sign.test(bytes.toString('latin1'))) ?? [] : []
  if (why !== undefined) report.lenient[why] = (report.lenient[why] ?? 0) + 1
  else if (report.findings.length < 50) report.findings.push({ what, input: bytes.toString('base64'), ours: mine, node: theirs })
}

const LENIENT = 'it takes what node:http refuses'

/** What ours may take and Node's server refuse; the same cases stand in cases.ts. */
const WHY: readonly (readonly [RegExp, string])[] = [
  [/^connection:.*upgrade/im, 'an upgrade'],
  [/^(?:content-length: *\d+[ \t]*\t|transfer-encoding:[ \t]*chunked[ \t]+)[ \t]*\r/im, 'white space behind a value'],
  [/HTTP\/1\.[2-9]\r/, 'a later minor version'],
  [/^0*[\da-f]+[ \t]+;|^0*[\da-f]+;[^\r\n]*[ \t;="]/im, 'an extension that is written in another way'],
]

function wrongWithValid(mine: Outcome, wanted: readonly string[]): string | undefined {
  if (mine.hung !== undefined) return 'it hangs on a valid input'
  return same(mine.seen, wanted) && mine.refused === undefined ? undefined : 'a valid input is not taken as it is meant'
}

/** The messages that ours found are those that Node's found, up to where one of the two refuses; and it ends. */
function wrongWith(mine: Outcome, theirs: NodesOutcome): string | undefined {
  if (mine.hung !== undefined) return 'it hangs'
  for (const [index, seen] of mine.seen.entries()) {
    const found = theirs.found[index]
    if (!found) return LENIENT
    const [method, target, body] = JSON.parse(seen) as string[]
    if (found.method !== method || pathOf(found.target) !== target || (found.body ?? body) !== body) {
      return 'it finds other messages than node:http'
    }
  }
  const whole = theirs.found.filter(({ body }) => body !== undefined).length
  if (mine.seen.length < whole && mine.refused === undefined) return 'it finds fewer messages than node:http, and does not refuse'
  return undefined
}

/** Ours makes a path of an absolute target. */
function pathOf(target: string): string {
  return target.replace(/^http:\/\/[^/?]*(?=(.?))/i, (_, next: string) => next === '/' ? '' : '/')
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index])
}

async function lane(): Promise<void> {
  while (begun < Number(count) && server.runs()) {
    begun++
    await oneInput()
  }
}

let begun = 0
await Promise.all(Array.from({ length: AT_ONCE }, lane))
report.memory[1] = server.memory()
if (!server.runs()) report.findings.push({ what: 'the server has ended', input: '', ours: { seen: [] }, node: { found: [] } })
console.log(JSON.stringify(report))
server.close()
node.close()
