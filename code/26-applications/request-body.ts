import type { Socket } from 'node:net'
import { bodyOf, type Body } from './bodies.ts'
import { lengthOf } from './framing.ts'
import type { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'
import type { Request } from './request.ts'

export class RequestBody {
  isWanted = false
  readonly length: number | 'chunked'
  private left: number
  private most = 0
  private room = 0
  private failure: unknown
  private readonly asks: boolean
  private readonly incoming: Incoming
  private readonly pieces: AsyncIterator<Buffer>

  constructor(request: Request, incoming: Incoming) {
    this.length = lengthOf(request)
    this.incoming = incoming
    this.left = this.length === 'chunked' ? Infinity : this.length
    this.pieces = bodyOf(this.length, incoming)[Symbol.asyncIterator]()
    const { fields, version } = request
    const expected = version === 'HTTP/1.1' ? fields.get('expect') : undefined
    if (expected !== undefined && expected.toLowerCase() !== '100-continue') {
      throw new Refusal('417 Expectation Failed', 'expect 100-continue')
    }
    this.asks = expected !== undefined && this.left > 0
  }

  get unread(): number {
    return this.asks && !this.isWanted ? Infinity : this.left
  }

  read(conn: Socket, most: number = LIMITS.body): Body {
    if (this.left !== Infinity && this.left > most) throw tooLarge(most)
    if (!this.isWanted) {
      if (this.asks) conn.write('HTTP/1.1 100 Continue\r\n\r\n')
      this.isWanted = true
      this.most = most
      this.room = most
      this.incoming.waitAtMost(LIMITS.bodyTime, LIMITS.bytesPerMs)
    }
    return { [Symbol.asyncIterator]: () => ({ next: () => this.next() }) }
  }

  private async next(): Promise<IteratorResult<Buffer>> {
    if (this.failure !== undefined) throw this.failure
    const result = await this.pieces.next().catch(error => {
      this.failure = error
      throw error
    })
    if (result.done) {
      this.left = 0
      return result
    }
    this.left -= result.value.length
    this.room -= result.value.length
    if (this.room < 0) throw tooLarge(this.most)
    return result
  }
}

function tooLarge(most: number): Refusal {
  return new Refusal('413 Content Too Large', `more than ${most} bytes`)
}
