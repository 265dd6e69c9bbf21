import { parseProgress, type Progress } from './kept.ts'

/** `npm start` and `npm run dev` answer to these names only. */
const OWN_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** Whether a server may be there that keeps progress in the workspace. Other hosts are not even asked. */
export function mayBeServed(): boolean {
  return location.protocol.startsWith('http') && OWN_NAMES.includes(location.hostname)
}

/**
 * Asks the server for progress, or to change it.
 * @returns undefined where the server keeps none
 * @throws Error with one line for the reader
 */
export async function askServer(method: 'GET' | 'PUT' | 'POST' = 'GET', body?: string): Promise<Progress | undefined> {
  const address = `${document.documentElement.dataset.root ?? ''}progress.json`
  const change = body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } }
  const answer = await fetch(address, { method, cache: 'no-store', ...change }).catch(() => {
    throw new Error('The server does not answer: start it again.')
  })
  const text = await answer.text()
  const type = answer.headers.get('Content-Type') ?? ''
  if (answer.status === 200 && type.startsWith('application/json')) return parseProgress(text)
  // Another server, with a page for what it does not have.
  if (answer.ok || answer.status === 404 || !type.startsWith('text/plain')) return undefined
  throw new Error(text.trim())
}
