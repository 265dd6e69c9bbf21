import { Budget } from './budget.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { BAD_REQUEST, Refusal } from './refusal.ts'

export class Incoming {
  private readonly buffer = new GrowingBuffer()
  private readonly pieces: AsyncIterator<Buffer>
  private budget = new Budget(0)

  constructor(pieces: AsyncIterable<Buffer>) {
    this.pieces = pieces[Symbol.asyncIterator]()
  }

  waitAtMost(ms: number, bytesPerMs = Infinity): void {
    this.budget = new Budget(ms, bytesPerMs)
  }

  async until(
    delimiter: string, most: number, status = BAD_REQUEST,
  ): Promise<Buffer> {
    let searched = 0
    for (;;) {
      const { waiting } = this.buffer
      const at = waiting.indexOf(delimiter, searched)
      if (at >= 0 && at <= most) {
        const message = this.buffer.take(at)
        this.buffer.take(delimiter.length)
        return message
      }
      searched = Math.max(0, waiting.length - delimiter.length + 1)
      if (searched > most) throw new Refusal(status, `more than ${most} bytes`)
      await this.expectMore()
    }
  }

  async line(most: number, status = BAD_REQUEST): Promise<string> {
    const line = await this.until('\n', most, status)
    const end = line.indexOf('\r')
    if (end < 0 || end < line.length - 1) {
      throw new Refusal(BAD_REQUEST, 'a line ends with CR LF')
    }
    return line.toString('latin1', 0, end)
  }

  async exactly(size: number): Promise<Buffer> {
    while (this.buffer.waiting.length < size) await this.expectMore()
    return this.buffer.take(size)
  }

  async some(most: number): Promise<Buffer> {
    if (this.buffer.waiting.length === 0) await this.expectMore()
    return this.buffer.take(most)
  }

  async skip(size: number): Promise<boolean> {
    for (let left = size; left > 0;) {
      if (await this.isOver()) return false
      left -= this.buffer.take(left).length
    }
    return true
  }

  async isOver(): Promise<boolean> {
    return this.buffer.waiting.length === 0 && !await this.more()
  }

  private async expectMore(): Promise<void> {
    if (await this.more()) return
    throw new Refusal(BAD_REQUEST, 'the end came too early')
  }

  private async more(): Promise<boolean> {
    const next = this.pieces.next()
    const { value: piece, done } = await this.budget.waitFor(next)
    if (done) return false
    this.buffer.add(piece)
    this.budget.earn(piece.length)
    return true
  }
}
