import { inspect } from 'node:util'

/** How many bytes a message may have. */
export const MOST = 16 * 1024 * 1024
export const DELIMITER = '\r\n\r\n'

export interface Message {
  kind: 'text' | 'size' | 'rest'
  body: Buffer
}

/** A piece of what a client sends, and what a reader would call it. */
interface Part {
  name: string
  bytes: Buffer
  delimits?: true
}

/** What a server has said of a message. */
export interface Told {
  size: number
  shown: string
}

export function message(kind: Message['kind'], body: Buffer | string): Message {
  return { kind, body: Buffer.from(body) }
}

/** What travels for it. */
export function wire(...messages: readonly Message[]): Buffer {
  return Buffer.concat(messages.flatMap(partsOf).map(({ bytes }) => bytes))
}

/** The word and what tells the length: all that comes before the message itself. */
export function head({ kind, body }: Message): Buffer {
  const length = Buffer.alloc(kind === 'size' ? 4 : 0)
  if (kind === 'size') length.writeUInt32BE(body.length)
  return Buffer.concat([Buffer.from(`${kind}\r\n`), length])
}

/** The line that is printed for a message. */
export function line(count: number, { body }: Message): string {
  return `Message ${count}: ${body.length} bytes, ${shown(body)}`
}

/** What comes back for messages, the first of which has this number. */
export function answers(messages: readonly Message[], first = 1): string {
  return messages.map((message, index) => `${line(first + index, message)}\r\n`).join('')
}

/** Bytes as a server shows them. */
export function shown(body: Buffer, encoding: 'latin1' | 'utf8' = 'latin1'): string {
  return inspect(body.toString(encoding), { breakLength: Infinity, maxStringLength: 60 })
}

/** The part that is not whole when only so many bytes have come; none when a part has just ended. */
export function partAt(messages: readonly Message[], at: number): Part | undefined {
  let end = 0
  for (const part of messages.flatMap(partsOf)) {
    const start = end
    end += part.bytes.length
    if (at < end) return at > start ? part : undefined
  }
  return undefined
}

/** The whole messages in what a client has sent, as a right server finds them. */
export function messagesIn(sent: Buffer): Message[] {
  const [, kind] = /^(text|size|rest)\r\n/.exec(sent.toString('latin1', 0, 6)) ?? []
  const rest = sent.subarray(6)
  if (kind === 'rest') return [{ kind, body: rest }]
  if (kind === 'text') {
    const at = rest.indexOf(DELIMITER)
    return at < 0 ? [] : [{ kind, body: rest.subarray(0, at) }, ...messagesIn(rest.subarray(at + DELIMITER.length))]
  }
  if (kind !== 'size' || rest.length < 4) return []
  const end = 4 + rest.readUInt32BE()
  return rest.length < end ? [] : [{ kind, body: rest.subarray(4, end) }, ...messagesIn(rest.subarray(end))]
}

/** What a server has said of messages, one after another. */
export function toldIn(received: Buffer): Told[] {
  return [...received.toString('utf8').matchAll(/^Message \d+: (\d+) bytes, (.*)\r$/gm)]
    .map(([, size, shown = '']) => ({ size: Number(size), shown }))
}

function partsOf({ kind, body }: Message): Part[] {
  const word: Part[] = [
    { name: 'the word', bytes: Buffer.from(kind) }, { name: 'the CR LF after the word', bytes: Buffer.from('\r\n'), delimits: true },
  ]
  switch (kind) {
    case 'text':
      return [...word, { name: 'the text', bytes: body }, { name: 'the CR LF CR LF after the text', bytes: Buffer.from(DELIMITER), delimits: true }]
    case 'size':
      return [
        ...word, { name: 'the four bytes of the length', bytes: head({ kind, body }).subarray(-4) },
        { name: 'the bytes that the length announces', bytes: body },
      ]
    case 'rest':
      return [...word, { name: 'the rest', bytes: body }]
  }
}
