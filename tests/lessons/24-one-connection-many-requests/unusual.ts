import { change } from '#workbook/check/change.ts'
import type { Unusual } from '#workbook/check/lesson.ts'

/** Servers that were written in another way. */
export const unusual: readonly Unusual[] = [
  {
    // One write for head and body, so that nothing has to be told to the kernel; and it says that it stays.
    name: 'in-one-write-and-says-keep-alive',
    program: [
      change('server.ts', '  conn.setNoDelay(true)\n', ''),
      change('exchange.ts', 'this.stays ? fields : {', 'this.stays ? { ...fields, Connection: \'Keep-Alive\' } : {'),
      change('answers.ts', '  exchange.sendHead(status, {\n', '  exchange.conn.cork()\n  exchange.sendHead(status, {\n'),
      change('answers.ts', 'if (exchange.request.method !== \'HEAD\') exchange.conn.write(body)\n', 'if (exchange.request.method !== \'HEAD\') exchange.conn.write(body)\n  exchange.conn.uncork()\n'),
    ],
  },
  {
    // It reads what nobody wants of a body in chunks too, and a timer of the socket lets idle clients go.
    name: 'reads-chunks-to-their-end',
    program: [
      change('exchange.ts', '    if (!isWanted && unread > MOST_SKIPPED) this.stays = false\n', '    const isLong = unread > MOST_SKIPPED && !this.isChunked\n    if (!isWanted && isLong) this.stays = false\n'),
      change('exchange.ts', '  private readonly incoming: Incoming\n', '  private readonly incoming: Incoming\n\n  private get isChunked(): boolean {\n    const { fields } = this.request\n    return fields.has(\'transfer-encoding\') && !fields.has(\'expect\')\n  }\n'),
      change('exchange.ts', '    const { unread } = this.body\n    if (!this.stays', '    if (this.stays && this.isChunked) {\n      for await (const _ of this.body.read(this.conn)) continue\n    }\n    const { unread } = this.body\n    if (!this.stays'),
    ],
  },
]
