import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Incoming } from './incoming.ts'
import { LIMITS } from './limits.ts'
import { RequestBody } from './request-body.ts'
import type { Request } from './request.ts'
import { responseHead, type Fields } from './response.ts'

export class Exchange {
  readonly request: Request
  readonly conn: Socket
  readonly body: RequestBody
  stays: boolean
  hasHead = false
  private readonly incoming: Incoming

  constructor(request: Request, incoming: Incoming, conn: Socket) {
    this.request = request
    this.incoming = incoming
    this.conn = conn
    this.body = new RequestBody(request, incoming)
    this.stays = request.version === 'HTTP/1.1' && !asksToClose(request)
  }

  sendHead(status: string, fields: Fields): void {
    const { isWanted, unread } = this.body
    if (!isWanted && unread > LIMITS.skipped) this.stays = false
    const all = this.stays ? fields : { ...fields, Connection: 'close' }
    this.conn.cork()
    process.nextTick(() => this.conn.uncork())
    this.conn.write(responseHead(status, all), 'latin1')
    this.hasHead = true
  }

  breakOff(): void {
    this.stays = false
    if (this.request.version === 'HTTP/1.0') this.conn.resetAndDestroy()
  }

  async finish(): Promise<boolean> {
    if (this.conn.writableNeedDrain) await once(this.conn, 'drain')
    const { unread } = this.body
    if (!this.stays || unread > LIMITS.skipped) return false
    this.incoming.waitAtMost(LIMITS.bodyTime)
    return await this.incoming.skip(unread).catch(() => false)
  }
}

function asksToClose({ fields }: Request): boolean {
  const options = fields.get('connection')?.toLowerCase().split(',') ?? []
  return options.some(option => option.trim() === 'close')
}
