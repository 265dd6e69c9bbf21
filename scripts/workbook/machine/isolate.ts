import { spawnSync } from 'node:child_process'

/**
 * Linux can give a process a network of its own, with its own loopback and its own port 12345, and
 * needs no privilege for it (unshare(1), user_namespaces(7)). Programs with a fixed port then run
 * side by side without meeting.
 */
const ENTER = ['unshare', '-Urn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'isolated'] as const

let works: boolean | undefined

/** Whether this system can run a command in a network of its own. Asked once. */
export function canIsolate(): boolean {
  works ??= process.platform === 'linux'
    && spawnSync(ENTER[0], [...ENTER.slice(1), 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0
  return works
}

/** The command line that runs `argv` in a network of its own; `argv` itself where that is impossible. */
export function isolated(argv: readonly string[]): string[] {
  return canIsolate() ? [...ENTER, ...argv] : [...argv]
}
