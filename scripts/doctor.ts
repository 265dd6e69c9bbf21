import { diagnose, type Diagnosis, type ToolReport } from './workbook/machine/examine.ts'
import { describeHolder } from './workbook/machine/port-holder.ts'
import { Problem } from './workbook/problem.ts'
import { PROJECT_ROOT } from './workbook/project.ts'

/**
 * `npm run doctor`: what this machine has of what the lessons use, and how to get the rest.
 * `--json` prints the same for a program.
 * @returns 0 when every lesson can be followed, else 1
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const unknown = argv.find(word => word !== '--json')
  if (unknown !== undefined) {
    throw new Problem(`npm run doctor has no option "${unknown}"`, { exitCode: 2, remedy: 'It has one: --json' })
  }
  const found = await diagnose(root)
  console.log(argv.includes('--json') ? JSON.stringify(found, undefined, 2) : table(found))
  return found.ok ? 0 : 1
}

/** Plain text of at most 80 columns, except where a command is longer than that. */
export function table({ ok, node, packages, tools, port, localhost, install }: Diagnosis): string {
  const { wrong } = packages
  const missing = tools.filter(tool => tool.status === 'missing').map(tool => tool.name)
  return [
    row('ok', 'Node', node.version, '20.19 or newer is needed'),
    wrong.length === 0
      ? row('ok', 'packages', `${packages.installed} installed`)
      : row('missing', 'packages', `${wrong.length} of ${packages.installed + wrong.length}`, wrong.slice(0, 3).join(', '), 'npm ci'),
    ...tools.map(toolRow),
    port.free
      ? row('ok', 'port', `${port.number} is free`)
      : row('taken', 'port', `${port.number} is taken`, '', port.holder
          ? cut(describeHolder(port.number, port.holder))
          : 'by whom cannot be seen; lesson programs cannot start until it ends'),
    localhost.length > 0
      ? row('ok', 'localhost', `${localhost[0]} first`, localhost[0] === '127.0.0.1' ? '' : 'so say 127.0.0.1, as the lessons do')
      : row('absent', 'localhost', '', 'stands for no address; say 127.0.0.1'),
    '',
    ...ok ? ['Everything that the lessons need is here or has a stand-in.'] : [],
    ...wrong.length > 0 ? ['The packages are not those of package.json. Run: npm ci'] : [],
    ...missing.length > 0 ? [`The lessons need ${missing.join(', ')}.${install ? ` Run: ${install}` : ''}`] : [],
  ].join('\n')
}

function toolRow({ name, status, found, standIn, lessons, proves, forTests, recorded, install }: ToolReport): string {
  const use = lessons.length > 0 ? lessonsInWords(lessons) : forTests ? `npm test: ${proves}`
    : recorded ? 'only for what is recorded' : 'no lesson so far'
  const other = standIn && found ? `${standIn} takes its place, as the two differ in flags and words` : undefined
  // A tool with nothing to do yet needs no remedy.
  const remedy = lessons.length > 0 || forTests ? install : undefined
  return row(status, name, found ?? standIn, use, [other, remedy].filter(Boolean).join('\n'))
}

/** `lessons 1 to 3, 7` */
export function lessonsInWords(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  const words = runs.map(([first, last]) =>
    first === last ? `${first}` : last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`)
  return `lesson${numbers.length > 1 ? 's' : ''} ${words.join(', ')}`
}

const FOUND_WIDTH = 22
const WIDTH = 80
const INDENT = 10

function row(status: string, name: string, found = '', use = '', remedy?: string): string {
  const line = `${status.padEnd(INDENT)}${name.padEnd(11)}${found.padEnd(FOUND_WIDTH)}${use}`.trimEnd()
  return remedy ? `${line}\n${remedy.split('\n').map(text => ' '.repeat(INDENT) + text).join('\n')}` : line
}

// A command line may be long; who wants all of it has --json.
function cut(text: string): string {
  const room = WIDTH - INDENT
  if (text.length <= room) return text
  const [, head = '', tail = ''] = /^(.*)(\. (?:It is frozen\. )?To stop it: .*)$/.exec(text) ?? []
  return `${head.slice(0, room - tail.length - 1)}…${tail}`
}
