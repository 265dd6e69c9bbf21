/** Numbers that look random and are the same for the same seed (xorshift32, Marsaglia 2003). */
export class Random {
  readonly seed: number
  private state: number

  constructor(seed: number) {
    this.seed = seed
    // Xorshift of zero is zero for ever.
    this.state = seed === 0 ? 1 : seed | 0
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return this.state >>> 0
  }

  /** `count` bytes of any value, which a command can make again: see recipeOf(). */
  bytes(count: number): Buffer {
    const from = this.state
    const words = new Uint32Array(Math.ceil(count / 4))
    for (let index = 0; index < words.length; index++) words[index] = this.next()
    const bytes = Buffer.from(words.buffer, 0, count)
    // What is short can be typed.
    if (count <= SHORT) return bytes
    return madeBy(bytes, [
      `node -e 's = ${from}; b = new Int32Array(${words.length}).map(() =>`,
      '  (s ^= s << 13, s ^= s >>> 17, s ^= s << 5))',
      `process.stdout.write(Buffer.from(b.buffer, 0, ${count}))'`,
    ].join('\n'))
  }

  /** A word of small letters. */
  word(length = 8): string {
    return Array.from({ length }, () => String.fromCharCode(0x61 + this.next() % 26)).join('')
  }
}

const SHORT = 16
const recipes = new WeakMap<Buffer, string>()

/** Notes the shell command that prints these bytes, for those that are too many to be typed. */
export function madeBy(bytes: Buffer, command: string): Buffer {
  recipes.set(bytes, command)
  return bytes
}

/** The shell command that prints these bytes, if one was noted. */
export function recipeOf(bytes: Buffer): string | undefined {
  return recipes.get(bytes)
}

/** Each of the 256 bytes once, in their order. */
export const EVERY_BYTE = madeBy(
  Buffer.from(Array.from({ length: 256 }, (_, value) => value)),
  'node -e \'process.stdout.write(Buffer.from([...Array(256).keys()]))\'',
)
