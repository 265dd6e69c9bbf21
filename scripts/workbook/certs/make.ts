import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '../problem.ts'
import { installCommand, onPath } from '../machine/tools.ts'
import { RECIPES, type PaperSet } from './commands.ts'

export interface MakeOptions {
  /** Makes these and no others; all there are unless given. */
  sets?: readonly PaperSet[]
  /** Makes requests and certificates again, and no key. */
  renew?: boolean
  /** Told each command before it is run. */
  onCommand?: (line: string) => void
  /** Told what was there and stays. */
  onKept?: (file: string) => void
}

/**
 * Makes the keys and certificates of the lessons in `certs/`, with the commands of the text. What is there
 * stays, unless it was made of something that is new.
 * @param folder the one that holds certs/, or will
 * @throws Problem when openssl is missing or fails
 */
export async function makePapers(folder: string, options: MakeOptions = {}): Promise<void> {
  const { sets, renew = false, onCommand, onKept } = options
  const fresh = new Set<string>()
  for (const { makes, lines, of, keep } of RECIPES.filter(({ set }) => sets?.includes(set) ?? true)) {
    const again = !keep && (renew || of.some(paper => fresh.has(paper)))
    if (existsSync(join(folder, makes)) && !again) {
      onKept?.(makes)
      continue
    }
    for (const line of lines) {
      onCommand?.(line)
      for (const [, key = ''] of line.matchAll(READS_KEY_RE)) expectOpen(key, folder)
      await runLine(line, folder)
    }
    fresh.add(makes)
  }
}

const READS_KEY_RE = / -(?:key|signkey|CAkey|in) (\S+\.key)\b/g

// Openssl would ask for the passphrase, and nobody waits for that question here.
function expectOpen(key: string, folder: string): void {
  if (!existsSync(join(folder, key)) || !readFileSync(join(folder, key)).includes('ENCRYPTED')) return
  throw new Problem(`${key} is locked with a passphrase, and other papers are made with it`, {
    remedy: `Put a key without a lock there, or remove ${key}: then a new one is made.`,
  })
}

/** Gives `to` a `certs/` like that of `from`, unless it has one. The modes of the files stay what they are. */
export function copyPapers(from: string, to: string): void {
  if (!existsSync(join(to, 'certs'))) cpSync(join(from, 'certs'), join(to, 'certs'), { recursive: true })
}

/** Why no papers can be made on this machine; undefined where they can. */
export function noOpenssl(): string | undefined {
  if (onPath('openssl') !== undefined) return undefined
  const install = installCommand(['openssl'])
  return `openssl is missing here${install ? `; to install it: ${install}` : ''}`
}

/** Runs lines such as those of a recipe, for papers that no recipe makes. */
export async function runLines(lines: readonly string[], folder: string): Promise<void> {
  for (const line of lines) await runLine(line, folder)
}

/** What a shell would do with the line. Windows has none that knows these commands, openssl apart. */
export async function runLine(line: string, cwd: string): Promise<void> {
  const [command = '', ...words] = line.split(' ')
  const [first = '', second = '', third = ''] = words
  try {
    if (command === 'openssl') await openssl(words, cwd)
    else if (command === 'mkdir') mkdirSync(join(cwd, first))
    else if (command === 'chmod') chmodSync(join(cwd, second), parseInt(first, 8))
    else if (command === 'echo') writeFileSync(join(cwd, third), `${first}\n`)
    else throw new Error(`no such command: ${line}`)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(`${line}: ${(error as Error).message}`)
  }
}

async function openssl(words: readonly string[], cwd: string): Promise<void> {
  try {
    await promisify(execFile)('openssl', words, { cwd, timeout: 60_000 })
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' ? noOpenssl() : undefined
    if (missing !== undefined) throw new Problem(missing)
    // Openssl tells what went wrong in its first line, and where in its source in the others.
    const [reason] = ((error as { stderr?: string }).stderr ?? '').split('\n').filter(line => !/^(?:\.|\+|$)/.test(line))
    throw new Problem(`openssl ${words.join(' ')}: ${reason ?? (error as Error).message}`)
  }
}
