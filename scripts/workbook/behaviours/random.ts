/** Numbers that look random and are the same for the same seed (xorshift32, Marsaglia 2003). */
export class Random {
  readonly seed: number
  private state: number

  constructor(seed: number) {
    this.seed = seed
    this.state = seed === 0 ? 1 : seed | 0
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return this.state >>> 0
  }

  /** `count` bytes of any value. */
  bytes(count: number): Buffer {
    const words = new Uint32Array(Math.ceil(count / 4))
    for (let index = 0; index < words.length; index++) words[index] = this.next()
    return Buffer.from(words.buffer, 0, count)
  }
}
