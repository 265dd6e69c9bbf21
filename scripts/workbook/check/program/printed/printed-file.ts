import { closeSync, fstatSync, ftruncateSync, openSync, readSync, watch, type FSWatcher } from 'node:fs'

/**
 * A file to which a program prints, and which is read while it does. A pipe that Node reads is not always
 * ready, and `fs.writeSync(1, …)` then fails with EAGAIN; a file takes everything.
 */
export class PrintedFile {
  /** For the program. */
  readonly fd: number
  private readonly take: (data: Buffer) => void
  private readonly pause: (signal: 'SIGSTOP' | 'SIGCONT') => void
  private readonly watcher: FSWatcher | undefined
  private readonly timer: NodeJS.Timeout
  private position = 0
  private paused = false
  private closed = false

  /**
   * @param path of a file that is not there yet
   * @param program.take is told what was printed
   * @param program.pause stops it, or lets it go on: one that prints without end must not fill the disk
   */
  constructor(path: string, { take, pause }: {
    take: (data: Buffer) => void
    pause: (signal: 'SIGSTOP' | 'SIGCONT') => void
  }) {
    this.take = take
    this.pause = pause
    this.fd = openSync(path, 'a+', 0o600)
    this.watcher = watched(path, () => void this.read(AT_ONCE))
    // Where nothing tells of a change, and for what was left because it was too much at once.
    this.timer = setInterval(() => void this.read(AT_ONCE), POLL).unref()
  }

  /**
   * Reads what is new.
   * @param most bytes; a flood must not keep us from everything else
   */
  read(most = Infinity): void {
    if (this.closed) return
    // What is printed meanwhile is for the next time, or one that prints without end would keep us here.
    for (let left = Math.min(most, fstatSync(this.fd).size - this.position); left > 0;) {
      const buffer = Buffer.allocUnsafe(Math.min(PIECE, left))
      const length = readSync(this.fd, buffer, 0, buffer.length, this.position)
      if (length === 0) break
      this.position += length
      left -= length
      this.take(buffer.subarray(0, length))
    }
    const { size } = fstatSync(this.fd)
    if (size > MOST && !this.paused) {
      this.paused = true
      this.pause('SIGSTOP')
    } else if (this.paused && size === this.position) {
      // It is stopped, so nothing comes between: it goes on at the beginning, for it appends.
      ftruncateSync(this.fd)
      this.position = 0
      this.paused = false
      this.pause('SIGCONT')
    }
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.watcher?.close()
    clearInterval(this.timer)
    closeSync(this.fd)
  }
}

function watched(path: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => {})
  } catch {
    // There are no more watches to be had.
    return undefined
  }
}

// In milliseconds.
const POLL = 20
// In bytes. The largest message of a story is 10 MB, which is up to 40 MB when it is printed escaped.
const MOST = 128 << 20
const AT_ONCE = 16 << 20
const PIECE = 1 << 16
