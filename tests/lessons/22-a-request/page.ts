import { inspect } from 'node:util'
import type { World } from '#workbook/check/behaviour.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { response, textOf, type Response } from '../shared/http.ts'

/** A GET with a Host and these fields, line by line, behind whose answer the connection ends in every lesson. */
export function get(target: string, ...fields: string[]): string {
  return getMore(target, 'Connection: close', ...fields)
}

/** The same, and from lesson 24 on another request may follow. */
export function getMore(target: string, ...fields: string[]): string {
  return [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1:12345', ...fields, '', ''].join('\r\n')
}

/** A page that has come, and what a person sees of it. */
export interface Page extends Response {
  peer: Peer
  html: string
  /** The texts between its tags, in their order. */
  texts: readonly string[]
}

/** Waits for a page, which is 200 and HTML in UTF-8. @throws Failure when it is none */
export async function page(peer: Peer): Promise<Page> {
  const came = await response(peer)
  if (came.status !== 200) throw new Failure('other', `the answer should be "200 OK", and is ${inspect(came.lines[0])}`, { peer, received: came.bytes })
  const type = came.fields.get('content-type') ?? ''
  if (!/^text\/html\b/i.test(type)) throw new Failure('other', `the Content-Type of a page is text/html, and this one's is ${inspect(type)}`, { peer, received: came.bytes })
  const html = textOf(came, peer)
  const texts = html.split(/<[^>]*>/).map(unescaped)
  return { ...came, peer, html, texts }
}

/** Sends a whole request on a connection of its own, and waits for the page. */
export async function asksFor({ connect }: World, request: string): Promise<Page> {
  const peer = await connect()
  await peer.send(request)
  return await page(peer)
}

/**
 * What the page shows as the value of a field: the text behind its name, in the next cell of the table or after
 * a colon. Undefined when the name does not stand there.
 */
export function shownValue({ texts }: Page, name: string): string | undefined {
  const isName = (text: string) => text.trim().toLowerCase() === name
  const at = texts.findIndex(isName)
  if (at >= 0) return texts[at + 2]
  const line = texts.find(text => text.toLowerCase().startsWith(`${name}: `))
  return line?.slice(name.length + 2)
}

/** @throws Failure when the page shows another value, or none */
export function expectValue(page: Page, name: string, value: string): void {
  const found = shownValue(page, name)
  if (found === value) return
  const evidence = { peer: page.peer, received: page.bytes }
  throw new Failure('other', found === undefined
    ? `the page should show the field ${name}, and has none of that name`
    : `the value of the field ${name} is ${inspect(value)}, and the page shows ${inspect(found)}`, evidence)
}

const ENTITY_RE = /&(?:#x([\da-f]{1,5})|#(\d{1,6})|([a-z]+));/gi
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' }

function unescaped(text: string): string {
  return text.replace(ENTITY_RE, (whole, hex?: string, number?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(number) : parseInt(hex, 16))
  })
}
