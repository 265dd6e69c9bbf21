import type { IncomingMessage, ServerResponse } from 'node:http'
import { listLessons } from '../../scripts/workbook/book/list.ts'
import { Problem } from '../../scripts/workbook/problem.ts'
import {
  BrokenProgress, mergeProgress, parseProgress, peekProgress, printProgress, updateProgress, type Progress,
} from '../../scripts/workbook/progress/progress.ts'
import { pathOf } from './path.ts'
import type { Handler } from './server.ts'

export const PROGRESS_ADDRESS = '/progress.json'

/** A course of forty lessons takes three thousand. */
const MOST_BYTES = 65_536

/** An answer that is no progress: a status and one line. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Hands out the progress in the workspace of `root`, in the form that `npm run progress -- --export`
 * writes, and changes it: PUT takes `{ "lesson": id, "done": true }` or false, POST takes another
 * progress and adds what it has. Each answers with the progress as it is then, or with one line.
 * A progress file that cannot be understood is left as it is, for its owner to mend.
 */
export function createProgressKeeper(root: string): Handler {
  return (request, response) => {
    if (pathOf(request) !== PROGRESS_ADDRESS) return false
    void answer(root, request).then(
      progress => send(response, 200, 'application/json', exported(progress)),
      (error: unknown) => {
        const { status, message } = refusalOf(error)
        if (status === 405) response.setHeader('Allow', 'GET, HEAD, POST, PUT')
        send(response, status, 'text/plain', `${message}\n`)
      },
    )
    return true
  }
}

async function answer(root: string, request: IncomingMessage): Promise<Progress> {
  const { method } = request
  if (method === 'GET' || method === 'HEAD') return peekProgress(root)
  if (method !== 'PUT' && method !== 'POST') throw new Refusal(405, 'Progress is read with GET and changed with PUT or POST.')
  checkSender(request)
  const body = await readBody(request)
  const change = method === 'PUT' ? marking(root, body) : adding(body)
  // `updateProgress` would put a broken file aside, and the page would go on with an empty one.
  peekProgress(root)
  return updateProgress(root, progress => {
    const changed = change(progress)
    return printProgress(changed) === printProgress(progress) ? progress : changed
  })
}

/**
 * Only our own pages may change anything. A page from elsewhere can send a request here without
 * asking first, as long as it looks like a form: hence the type. And a browser says whose page it is.
 */
function checkSender({ headers }: IncomingMessage): void {
  if (headers.origin !== `http://${headers.host}`) throw new Refusal(403, 'Only the pages of this server may change progress.')
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new Refusal(415, 'This should be JSON, of the type application/json.')
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MOST_BYTES) chunks.push(chunk)
    })
    request.on('end', () => {
      // Not before: a browser that is still sending would not read the answer.
      if (size > MOST_BYTES) reject(new Refusal(413, `This is too long for progress: at most ${MOST_BYTES} bytes.`))
      else resolve(Buffer.concat(chunks).toString())
    })
    request.on('error', reject)
  })
}

type Change = (progress: Progress) => Progress

function marking(root: string, body: string): Change {
  let value: { lesson?: unknown, done?: unknown } | null
  try {
    value = JSON.parse(body) as typeof value
  } catch {
    throw new Refusal(400, 'This is not JSON.')
  }
  const { lesson, done } = value ?? {}
  const known = listLessons(root).find(({ slug }) => slug === lesson)?.slug
  if (known === undefined) throw new Refusal(400, '"lesson" should be the id of a lesson.')
  if (typeof done !== 'boolean') throw new Refusal(400, '"done" should be true or false.')
  return progress => {
    const { [known]: since, ...others } = progress.done
    return { ...progress, done: done ? { ...progress.done, [known]: since ?? new Date().toISOString() } : others }
  }
}

function adding(body: string): Change {
  let other: Progress
  try {
    other = parseProgress(body, 'that file')
  } catch (error) {
    throw error instanceof Problem ? new Refusal(400, sentenceOf(error)) : error
  }
  return progress => mergeProgress(progress, other)
}

/** On a page: a compiler's "file:1:" reads as one there no more than a command does. */
function sentenceOf({ message, place }: Problem): string {
  const line = place?.line === undefined ? '' : ` (line ${place.line})`
  return `That file cannot be added: ${message.replace(/^this is/, 'it is')}${line}.`
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof BrokenProgress) return new Refusal(500, `${String(error)} Mend it, or run: npm run progress`)
  if (error instanceof Problem) return new Refusal(500, String(error))
  // A fault of ours: the terminal has the whole of it, and the server goes on.
  console.error(error)
  return new Refusal(500, 'Something went wrong: the terminal says more.')
}

function exported({ failed: _, ...progress }: Progress): string {
  return printProgress(progress)
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' })
  response.end(text)
}
