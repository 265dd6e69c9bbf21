import type { Socket } from 'node:net'
import { bodyOf, type Body } from './bodies.ts'
import type { Incoming } from './incoming.ts'
import type { Request } from './request.ts'

export class RequestBody {
  isWanted = false
  private left: number
  private readonly asks: boolean
  private readonly pieces: AsyncIterator<Buffer>

  constructor(request: Request, incoming: Incoming) {
    this.pieces = bodyOf(request, incoming)[Symbol.asyncIterator]()
    const { fields, version } = request
    this.left = fields.has('transfer-encoding')
      ? Infinity : Number(fields.get('content-length') ?? 0)
    this.asks = version === 'HTTP/1.1' && this.left > 0
      && fields.get('expect')?.toLowerCase() === '100-continue'
  }

  get unread(): number {
    return this.asks && !this.isWanted ? Infinity : this.left
  }

  read(conn: Socket): Body {
    if (this.asks && !this.isWanted) {
      conn.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
    this.isWanted = true
    return { [Symbol.asyncIterator]: () => ({ next: () => this.next() }) }
  }

  private async next(): Promise<IteratorResult<Buffer>> {
    const result = await this.pieces.next()
    this.left = result.done ? 0 : this.left - result.value.length
    return result
  }
}
