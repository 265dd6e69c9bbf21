import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Netcat, whichNetcat } from './netcats.ts'

/** The package managers whose commands we can give. */
export type Manager = 'apt' | 'dnf' | 'pacman' | 'apk' | 'brew' | 'winget'

/** A program of the system that the lessons or the tests use. */
export interface Tool {
  name: string
  /** What it is called on disk, where that is not its name. */
  files?: readonly string[]
  /** Arguments that make it tell its version. */
  probe: readonly string[]
  /** The version in what it prints then. */
  version: RegExp
  /** What nobody can prove without it, for the last lines of the tests. */
  proves: string
  /** Whether the tests of the workbook use it rather than the lessons. */
  forTests?: boolean
  /** Whether what the lessons show of it was recorded: nobody has to have it. */
  recorded?: boolean
  /** What takes its place where it is missing, and so keeps a lesson whole. */
  standIn?: string
  /** Its package by package manager; none where the system has no such tool. */
  packages: Partial<Record<Manager, string>>
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'nc',
    probe: ['-h'],
    version: /OpenBSD netcat \((?:Debian patchlevel )?([^)]+)\)/,
    proves: 'that the experiments hold with the system\'s own nc',
    standIn: 'npm run nc',
    packages: { apt: 'netcat-openbsd', dnf: 'netcat', pacman: 'openbsd-netcat', apk: 'netcat-openbsd' },
  },
  {
    name: 'openssl',
    probe: ['version'],
    version: /^((?:Open|Libre)SSL \S+)/,
    proves: 'the experiments that speak TLS',
    packages: {
      apt: 'openssl', dnf: 'openssl', pacman: 'openssl', apk: 'openssl', brew: 'openssl@3', winget: 'ShiningLight.OpenSSL.Light',
    },
  },
  {
    name: 'curl',
    probe: ['--version'],
    version: /^curl (\S+)/,
    proves: 'the experiments that speak HTTP',
    packages: { apt: 'curl', dnf: 'curl', pacman: 'curl', apk: 'curl', brew: 'curl', winget: 'cURL.cURL' },
  },
  {
    name: 'ss',
    probe: ['-V'],
    version: /iproute2-([^,\s]+)/,
    proves: 'the experiments that look at sockets with ss',
    standIn: 'lsof',
    packages: { apt: 'iproute2', dnf: 'iproute', pacman: 'iproute2', apk: 'iproute2-ss' },
  },
  {
    name: 'lsof',
    probe: ['-v'],
    version: /revision: (\S+)/,
    proves: 'the experiments that look at sockets with lsof',
    standIn: 'ss',
    packages: { apt: 'lsof', dnf: 'lsof', pacman: 'lsof', apk: 'lsof', brew: 'lsof' },
  },
  {
    name: 'strace',
    recorded: true,
    probe: ['-V'],
    version: /version (\S+)/,
    proves: 'the recorded system calls',
    standIn: 'the recording',
    packages: { apt: 'strace', dnf: 'strace', pacman: 'strace', apk: 'strace' },
  },
  {
    name: 'tcpdump',
    recorded: true,
    probe: ['--version'],
    version: /tcpdump version (\S+)/,
    proves: 'the experiments that capture packets',
    standIn: 'the recording',
    packages: { apt: 'tcpdump', dnf: 'tcpdump', pacman: 'tcpdump', apk: 'tcpdump', brew: 'tcpdump' },
  },
  {
    name: 'chromium',
    files: [
      'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    probe: ['--version'],
    version: /(?:Chromium|Chrome) (\S+)/,
    proves: 'the site in a browser',
    forTests: true,
    packages: { apt: 'chromium', dnf: 'chromium', pacman: 'chromium', apk: 'chromium', brew: '--cask chromium', winget: 'Google.Chrome' },
  },
  {
    name: 'wrk',
    probe: ['--version'],
    version: /^wrk (\S+)/,
    proves: 'the web server under load',
    forTests: true,
    packages: { apt: 'wrk', dnf: 'wrk', pacman: 'wrk', apk: 'wrk', brew: 'wrk' },
  },
  {
    name: 'slowhttptest',
    probe: ['-h'],
    version: /version (\S+)/,
    proves: 'clients slow on purpose',
    forTests: true,
    packages: { apt: 'slowhttptest', pacman: 'slowhttptest', brew: 'slowhttptest' },
  },
  {
    name: 'unshare',
    probe: ['--version'],
    version: /util-linux (\S+)/,
    proves: 'programs side by side',
    forTests: true,
    packages: { apt: 'util-linux', dnf: 'util-linux', pacman: 'util-linux', apk: 'util-linux-misc' },
  },
]

/** A tool as this system has it. */
export interface FoundTool {
  path: string
  /** Undefined when it did not tell. */
  version: string | undefined
  /** Of nc only: which of the netcats it is. */
  netcat?: Netcat
}

const found = new Map<string, FoundTool | undefined>()

/**
 * Looks a tool of the table up on PATH and asks it for its version. The answer is kept.
 * @returns undefined when the system has none
 */
export function findTool(name: string): FoundTool | undefined {
  if (!found.has(name)) found.set(name, look(name))
  return found.get(name)
}

function look(name: string): FoundTool | undefined {
  const tool = TOOLS.find(other => other.name === name)
  const path = (tool?.files ?? [name]).map(onPath).find(file => file !== undefined)
  if (!tool || path === undefined) return undefined
  const { stdout, stderr } = spawnSync(path, tool.probe, { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'pipe'] })
  const told = `${stdout}\n${stderr}`.trim()
  if (name === 'nc') {
    const netcat = whichNetcat(told)
    return { path, version: netcat.version, netcat }
  }
  return { path, version: tool.version.exec(told)?.[1] }
}

/** The file that a shell would run for this name. */
export function onPath(name: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  // PATH is asked each time: tests change it.
  for (const folder of name.startsWith('/') ? [''] : (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending)
      if (isProgram(file)) return file
    }
  }
  return undefined
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const INSTALL: Record<Manager, { file: string, command: string, root: boolean }> = {
  apt: { file: 'apt-get', command: 'apt-get install', root: true },
  dnf: { file: 'dnf', command: 'dnf install', root: true },
  pacman: { file: 'pacman', command: 'pacman -S', root: true },
  apk: { file: 'apk', command: 'apk add', root: true },
  brew: { file: 'brew', command: 'brew install', root: false },
  winget: { file: 'winget', command: 'winget install', root: false },
}

/** The package manager of this system, the first of the known ones that is there. */
export function packageManager(): Manager | undefined {
  const managers = Object.keys(INSTALL) as Manager[]
  return managers.find(manager => onPath(INSTALL[manager].file) !== undefined)
}

/**
 * The one command line that installs these tools here.
 * @returns undefined when this system has no package of any of them, or no package manager that we know
 */
export function installCommand(names: readonly string[], manager = packageManager()): string | undefined {
  if (manager === undefined) return undefined
  const packages = names.flatMap(name => TOOLS.find(tool => tool.name === name)?.packages[manager] ?? [])
  if (packages.length === 0) return undefined
  const { command, root } = INSTALL[manager]
  const sudo = root && process.getuid?.() !== 0 ? 'sudo ' : ''
  return `${sudo}${command} ${[...new Set(packages)].join(' ')}`
}
