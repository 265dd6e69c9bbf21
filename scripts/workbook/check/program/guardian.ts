import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'

/**
 * Ends process groups when this process cannot: a shell reads their numbers from a pipe, and at the
 * end of the pipe, which comes in whatever way we end, it kills all that it has read. It sits in a
 * group of its own, so that Ctrl-C at a terminal does not reach it.
 */
const SCRIPT = 'groups=" "; while read -r group; do case $group in done) exit;; '
  // A number that has become free may be another's by then.
  + '-*) groups="${groups%% $group *} ${groups#* $group }";; *) groups="$groups-$group ";; esac; done; '
  + '[ "$groups" = " " ] || kill -s KILL -- $groups 2>/dev/null'

/** Watches over everything that a check starts. */
export class Guardian {
  private readonly groups = new Set<number>()
  private readonly shell: ChildProcess | undefined

  constructor() {
    if (process.platform !== 'win32') {
      this.shell = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
      this.shell.on('error', () => {})
      this.shell.stdin?.on('error', () => {})
      this.shell.unref()
      // A pipe is a socket to Node, and one that waits for nothing must not keep us running.
      ;(this.shell.stdin as Socket).unref()
    }
    process.on('exit', this.killAll)
  }

  /** From now on this process group ends with us at the latest. */
  watch(group: number): void {
    this.groups.add(group)
    this.shell?.stdin?.write(`${group}\n`)
  }

  /** Whether this process group is one of ours. */
  watches(group: number): boolean {
    return this.groups.has(group)
  }

  /** This group has ended. */
  forget(group: number): void {
    if (this.groups.delete(group)) this.shell?.stdin?.write(`-${group}\n`)
  }

  /** Nothing is left to be watched. */
  dismiss(): void {
    process.off('exit', this.killAll)
    this.killAll()
    this.shell?.stdin?.end('done\n')
  }

  private readonly killAll = (): void => {
    for (const group of this.groups) signalGroup(group, 'SIGKILL')
    this.groups.clear()
  }
}

/** Sends a signal to a process group; that it is gone already is no error. */
export function signalGroup(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // EPERM: on macOS a group that consists of zombies.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}
