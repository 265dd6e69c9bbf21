import { Refusal } from './refusal.ts'

export class Budget {
  private readonly most: number
  private readonly bytesPerMs: number
  private left: number

  constructor(ms: number, bytesPerMs = Infinity) {
    this.most = ms
    this.left = ms
    this.bytesPerMs = bytesPerMs
  }

  async waitFor<T>(piece: Promise<T>): Promise<T> {
    const since = performance.now()
    try {
      return await within(this.left, piece)
    } finally {
      this.left -= performance.now() - since
    }
  }

  earn(bytes: number): void {
    this.left = Math.min(this.left + bytes / this.bytesPerMs, this.most)
  }
}

function within<T>(ms: number, piece: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(new Refusal('408 Request Timeout', 'too slow'))
    const timer = setTimeout(refuse, Math.ceil(ms))
    piece.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
