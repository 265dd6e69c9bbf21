import { expect, test } from 'vitest'
import { remembered } from '../../support/memory.ts'
import { inWhole } from '../../support/whole.ts'
import { CASES, type Case } from './cases.ts'
import type { Compared } from './compare-run.ts'
import type { Report } from './fuzz-run.ts'
import { folder, ingredients, own, printedBy } from './runs.ts'

const SEED = 12345
/**
 * More than its memory may grow behind three fifths of all inputs. A collector works when it likes to: with Node 24 it
 * takes the first ten thousand to fill what it will have, and then three times as many add nothing.
 */
const FLAT = 64e6

test.runIf(own)('the server and node:http make the same of each case, or the table says why not', { timeout: 900_000 }, async context => {
  const compared = await remembered(context, 'the server beside node:http', ingredients, async () =>
    JSON.parse(await printedBy('compare-run.ts', folder)) as Compared[])
  expect(compared.map(({ name }) => name)).toEqual(CASES.map(({ name }) => name))
  const wrong = CASES.flatMap((one, index) => wrongWith(one, compared[index]!))
  expect(wrong).toEqual([])
})

test.runIf(own)('whatever is sent to it: it finds the messages that node:http finds, or refuses', { timeout: 900_000 }, async context => {
  const count = inWhole('most inputs of the HTTP fuzzer') ? 20_000 : 1000
  const report = await remembered(context, `${count} inputs for the server`, ingredients, async () =>
    JSON.parse(await printedBy('fuzz-run.ts', folder, String(SEED), String(count))) as Report)
  const said = report.findings.map(({ what, input, ours, node }) =>
    `${what}: ${JSON.stringify(Buffer.from(input, 'base64').toString('latin1'))}\nours ${JSON.stringify(ours)}\nnode ${JSON.stringify(node)}`)
  expect(said, `seed ${SEED}`).toEqual([])
  expect(report.inputs).toBe(count)
  // It has refused much, and taken much: an input that is refused proves little.
  expect(report.valid).toBeGreaterThan(count / 8)
  expect(report.refused).toBeGreaterThan(count / 3)
  expect(report.memory[1] - report.memory[0]).toBeLessThan(FLAT)
})

/** What our server, and Node's, made of a case that should be something else. */
function wrongWith({ name, ours: [taken, refused], node: other }: Case, { ours, node }: Compared): string[] {
  const wanted = outcome(taken, refused)
  const wrong = ours.map(({ seen, refused, hung, reset }) =>
    `${outcome(seen.length, refused)}${hung === undefined ? '' : ', and it hangs'}${reset ? ', and a reset' : ''}`)
    .filter(found => found !== wanted).map(found => `${name}: ours is "${found}" and should be "${wanted}"`)
  const found = outcome(node.found.filter(({ body }) => body !== undefined).length, node.refused)
  const expected = other ? outcome(other[0], other[1]) : wanted
  // Other versions of Node may have come nearer to the standard meanwhile.
  const isFine = found === expected || (found === wanted && !process.version.startsWith('v20.'))
  return isFine ? wrong : [...wrong, `${name}: node:http is "${found}" and should be "${expected}"`]
}

function outcome(taken: number, refused: number | undefined): string {
  return `${taken} taken${refused === undefined ? '' : `, then ${refused}`}`
}
