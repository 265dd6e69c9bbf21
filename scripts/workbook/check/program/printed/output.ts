/** What a program prints, as lines, with a mark for what a story has looked at already. */
export class Output {
  /** Its very first lines, which no story makes it forget. */
  readonly first: string[] = []
  /** How many bytes it has printed since it was started. */
  total = 0
  /** How many bytes it had printed when the story began. */
  private before = 0
  private chunks: Buffer[] = []
  private length = 0
  private lines: string[] = []
  /** What stands behind the last newline, in pieces. */
  private rest: Buffer[] = []
  private restLength = 0
  private taken = 0

  push(data: Buffer): void {
    // A program that prints for ever must not fill our memory. No story is about what lies so far back.
    if (this.length > MOST) this.drop()
    this.chunks.push(data)
    this.length += data.length
    this.total += data.length
    const end = data.lastIndexOf(0x0a)
    if (end < 0) return this.keep(data)
    // Cut at a newline, so that no letter of several bytes is cut.
    const complete = Buffer.concat([...this.rest, data.subarray(0, end)]).toString('utf8').split('\n')
    this.rest = []
    this.restLength = 0
    this.keep(data.subarray(end + 1))
    this.lines.push(...complete)
    if (this.first.length < FIRST) this.first.push(...complete.slice(0, FIRST - this.first.length))
  }

  /** The complete lines since forget(). */
  get seen(): readonly string[] {
    return this.lines
  }

  /** What it has printed behind its last newline. */
  get unfinished(): string {
    return Buffer.concat(this.rest).toString('utf8')
  }

  /** Everything since forget(), the line that is not complete too. */
  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }

  /** The next line that fits, passing over others; undefined when there is none yet. */
  take(fits: (line: string) => boolean): string | undefined {
    for (let index = this.taken; index < this.lines.length; index++) {
      const line = this.lines[index] ?? ''
      if (!fits(line)) continue
      this.taken = index + 1
      return line
    }
    return undefined
  }

  /** Of a line without end its end alone. */
  private keep(data: Buffer): void {
    this.rest.push(data)
    this.restLength += data.length
    for (let [first] = this.rest; first && this.restLength - first.length > LONGEST_LINE; [first] = this.rest) {
      this.restLength -= first.length
      this.rest.shift()
    }
  }

  /** A new story begins: what was printed before is none of its business. */
  forget(): void {
    this.before = this.total
    this.drop()
  }

  /** Whether it prints more than any story can be about. */
  get isFlood(): boolean {
    return this.total - this.before > FLOOD
  }

  private drop(): void {
    this.chunks = []
    this.length = 0
    this.lines = []
    this.taken = 0
  }
}

const FIRST = 20
// In bytes. The largest message of a story is 10 MB, which is up to 40 MB when it is printed escaped.
const MOST = 64 << 20
const FLOOD = 256 << 20
const LONGEST_LINE = 1 << 20
