import { GrowingBuffer } from './growing-buffer.ts'

export class Refusal extends Error {}

export class Incoming {
  private readonly buffer = new GrowingBuffer()
  private readonly pieces: AsyncIterator<Buffer>

  constructor(pieces: AsyncIterable<Buffer>) {
    this.pieces = pieces[Symbol.asyncIterator]()
  }

  async until(delimiter: string, most: number): Promise<Buffer> {
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
      if (searched > most) throw tooLong(most)
      await this.expectMore()
    }
  }

  async exactly(size: number, most: number): Promise<Buffer> {
    if (size > most) throw tooLong(most, size)
    while (this.buffer.waiting.length < size) await this.expectMore()
    return this.buffer.take(size)
  }

  async some(most: number): Promise<Buffer> {
    if (this.buffer.waiting.length === 0) await this.expectMore()
    return this.buffer.take(most)
  }

  async rest(most: number): Promise<Buffer> {
    while (this.buffer.waiting.length <= most) {
      if (!await this.more()) return this.buffer.take(most)
    }
    throw tooLong(most)
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
    if (!await this.more()) throw new Refusal('the end came too early')
  }

  private async more(): Promise<boolean> {
    const { value: piece, done } = await this.pieces.next()
    if (!done) this.buffer.add(piece)
    return !done
  }
}

function tooLong(most: number, size?: number): Refusal {
  const found = size === undefined ? 'no end' : `a size of ${size}`
  return new Refusal(`${found}, and ${most} bytes are the most`)
}
