import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'

/** How often it is looked whether we have been stopped. In seconds. */
const LOOKS = 1

/**
 * Ends what a check has started when this process cannot: a shell reads the numbers of process groups from a
 * pipe, and at the end of the pipe, which comes in whatever way we end, it kills all that it has read. It sits in
 * a group of its own, so that Ctrl-C at a terminal does not reach it.
 *
 * A program can also leave its group, or stop the check or end it. By the folder in which it was started, which
 * stands in the environment of all its children, they are found (Linux), and the folder is removed.
 */
const SCRIPT = `groups=" "; folder=; removed=; checker=$1
marked() {
  for found in $(grep -lsF "INIT_CWD=$folder/" /proc/[0-9]*/environ); do
    pid=\${found#/proc/}; kill -s KILL "\${pid%/environ}" 2>/dev/null
  done
}
# Ctrl-Z stops those above us as well, or gives the terminal to somebody else; then it is meant.
frozen() {
  read -r line 2>/dev/null <"/proc/$checker/stat" || return 1
  set -- \${line##*) }
  [ "$1" = T ] || return 1
  [ "$5" = 0 ] || [ "$6" = "$3" ] || return 1
  read -r line 2>/dev/null <"/proc/$2/stat" || return 0
  set -- \${line##*) }
  [ "$1" != T ]
}
thaw() {
  while sleep ${LOOKS} && kill -0 "$checker" 2>/dev/null; do
    frozen && sleep ${LOOKS} && frozen && { marked; kill -s CONT "$checker"; }
  done
}
while read -r word; do
  case $word in
    done) [ -n "$thawing" ] && kill "$thawing" 2>/dev/null; exit;;
    +*) folder=\${word#+}; [ -d /proc/self ] && [ -z "$thawing" ] && { thaw </dev/null 2>/dev/null & thawing=$!; };;
    =*) removed=\${word#=};;
    # A number that has become free may be another's by then.
    -*) groups="\${groups%% $word *} \${groups#* $word }";;
    *) groups="$groups-$word ";;
  esac
done
[ -n "$thawing" ] && kill "$thawing" 2>/dev/null
[ "$groups" = " " ] || kill -s KILL -- $groups 2>/dev/null
[ -z "$removed" ] || rm -rf "$removed"
[ -n "$folder" ] || exit
marked
rm -rf "$folder"
echo 'The check was killed, by the program or by somebody else. What it had started has been ended.' >&2
`

/** Watches over everything that a check starts. */
export class Guardian {
  private readonly groups = new Set<number>()
  private readonly shell: ChildProcess | undefined

  constructor() {
    if (process.platform !== 'win32') {
      this.shell = spawn('sh', ['-c', SCRIPT, 'guardian', String(process.pid)], {
        detached: true, stdio: ['pipe', 'ignore', 'inherit'],
      })
      this.shell.on('error', () => {})
      this.shell.stdin?.on('error', () => {})
      this.shell.unref()
      // A pipe is a socket to Node, and one that waits for nothing must not keep us running.
      ;(this.shell.stdin as Socket).unref()
    }
    process.on('exit', this.finish)
  }

  /** From now on this process group ends with us at the latest. */
  watch(group: number): void {
    this.groups.add(group)
    this.shell?.stdin?.write(`${group}\n`)
  }

  /** Programs are started in this folder, and it is gone when we are. */
  mark(folder: string): void {
    this.shell?.stdin?.write(`+${folder}\n`)
  }

  /** This folder is gone when we are. */
  removes(folder: string): void {
    this.shell?.stdin?.write(`=${folder}\n`)
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
    process.off('exit', this.finish)
    this.finish()
    this.shell?.stdin?.end()
  }

  private readonly finish = (): void => {
    this.killAll()
    this.shell?.stdin?.write('done\n')
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
