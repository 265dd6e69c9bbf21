import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

/** Every reference from one file of a built site to another, or to a place in it, that leads nowhere. */
export function deadLinks(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.html'))
  const texts = new Map(pages.map(path => [path, readFileSync(join(folder, path), 'utf8')]))
  const ids = new Map([...texts].map(([path, text]) => [path, new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(found => found[1]))]))
  const dead: string[] = []
  for (const [page, text] of texts) {
    for (const [, attribute = '', value = ''] of text.matchAll(/\s(href|src|popovertarget|aria-labelledby|aria-describedby)="([^"]*)"/g)) {
      if (/^(https?|mailto|data):/.test(value)) continue
      const [path = '', fragment] = attribute === 'href' || attribute === 'src' ? value.split('#') : ['', value]
      const target = path === '' ? page : path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(page), path)
      const file = join(folder, target)
      const found = existsSync(file) && statSync(file).isFile()
      const fragmentFound = fragment === undefined || fragment === '' || (ids.get(target)?.has(decodeURIComponent(fragment)) ?? false)
      if (!found || !fragmentFound) dead.push(`${page}: ${value}`)
    }
  }
  return dead
}
