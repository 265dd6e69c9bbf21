import { CASES } from './cases.ts'
import { nodesOwn, ours, type NodesOutcome } from './servers.ts'
import type { Outcome } from './seen.ts'

/** What both servers made of one case, each way in which it was sent. */
export interface Compared {
  name: string
  ours: Outcome[]
  node: NodesOutcome
}

// A program of its own, in a network of its own: compare-run.ts FOLDER prints a Compared for each case.
const [folder = ''] = process.argv.slice(2)
const server = await ours(folder)
const node = await nodesOwn()
const compared: Compared[] = []
for (const { name, input } of CASES) {
  const bytes = Buffer.from(input, 'latin1')
  const atLines = input.split(/(?<=\r)|(?<=\n)/).map(part => Buffer.from(part, 'latin1'))
  const ways = [[bytes], atLines, ...bytes.length < 2000 ? [Array.from(bytes, byte => Buffer.from([byte]))] : []]
  const outcomes: Outcome[] = []
  for (const way of ways) outcomes.push(await server.ask(way))
  compared.push({ name, ours: outcomes, node: await node.ask([bytes]) })
}
console.log(JSON.stringify(compared))
server.close()
node.close()
