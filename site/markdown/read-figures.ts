import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { didYouMean, Problem } from '../../scripts/workbook/problem.ts'
import { escape } from '../html.ts'

export interface Figures {
  /** The names and texts of all of them, for whoever must know whether one has changed. */
  all: string[]
  /** The SVG of a figure, made safe to stand in a page with others. */
  inline: (name: string, use: FigureUse) => string
}

export interface FigureUse {
  /** What the picture says, for those who do not see it. */
  alternative: string
  /** Set before every id in it. */
  prefix: string
  /** Where it is shown. */
  text: { file: string }
}

/** What a figure must not hold, and why. */
const FORBIDDEN: readonly [RegExp, string][] = [
  [/<script\b/i, 'a script'],
  [/<style\b/i, 'a <style>, which would reach the whole page: use attributes'],
  [/\sstyle\s*=/i, 'a style="…": use attributes'],
  [/\son\w+\s*=/i, 'an event handler'],
  [/<foreignObject\b/i, 'a <foreignObject>'],
  [/<(image|use)\b[^>]*href\s*=\s*["'](?!#)/i, 'something from another file'],
  [/url\((?!["']?#)/i, 'something from another file'],
  [/<!DOCTYPE|<!ENTITY/i, 'a document type'],
]

/** The figures of a book. Each is checked when a page first shows it. */
export function readFigures(root: string): Figures {
  const folder = join(root, 'lessons', 'figures')
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.svg')).sort() : []
  const files = new Map(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]))
  const checked = new Map<string, string>()
  return {
    all: [...files].flat(),
    inline(name, use) {
      const text = checked.get(name) ?? check(files.get(name), name, [...files.keys()], use)
      checked.set(name, text)
      return place(text, name, use)
    },
  }
}

function check(
  source: string | undefined,
  name: string,
  known: readonly string[],
  { alternative, text: { file } }: FigureUse,
): string {
  const place = { file }
  if (alternative.trim() === '') {
    throw new Problem(`the figure ${name} has no alternative text`, { place, remedy: `Say in words what it shows: ![words](figures/${name}).` })
  }
  if (source === undefined) {
    throw new Problem(`there is no figure ${name} in lessons/figures/`, { place, remedy: didYouMean(name, known) })
  }
  const text = source.replace(/<\?xml.*?\?>/s, '').replace(/<!--.*?-->/gs, '').trim()
  const own = { file: `lessons/figures/${name}` }
  if (!/^<svg\b[^>]*\sviewBox=/.test(text)) throw new Problem('this figure is not an <svg> with a viewBox', { place: own })
  for (const [sign, what] of FORBIDDEN) {
    if (sign.test(text)) throw new Problem(`this figure holds ${what}`, { place: own, remedy: 'site/styles/figures.css says what a figure may use.' })
  }
  return text
}

/** A figure is shown a little larger than it was drawn, so that its text is of the size of the text round it. */
const SCALE = 1.1

// What a figure says about itself as a file of its own has no place in a page.
const OWN_ATTRIBUTE_RE = /\s(?:width|height|xmlns|xmlns:xlink|role|aria-\w+|id)="[^"]*"/g

/**
 * Ids are unique in a page, whichever figures meet there. The alternative text names the figure; its
 * <title> would show as a tip under the pointer and goes; its <desc> stays, as the longer description.
 */
function place(text: string, name: string, { alternative, prefix }: FigureUse): string {
  const id = `${prefix}fig-${name.replace(/\.svg$/, '')}`
  const [, attributes = '', content = ''] = /^<svg\b([^>]*)>([\s\S]*)<\/svg>$/.exec(text) ?? []
  const description = /<desc\b[^>]*>([\s\S]*?)<\/desc>/.exec(content)?.[1]?.trim()
  const inside = content
    .replace(/<(title|desc)\b[^>]*>[\s\S]*?<\/\1>\s*/g, '')
    .replace(/(\sid=")([^"]+)"/g, `$1${id}-$2"`)
    .replace(/url\((["']?)#([^)"']+)\1\)/g, `url(#${id}-$2)`)
    .replace(/(\s(?:xlink:)?href=")#([^"]+)"/g, `$1#${id}-$2"`)
  const [, , width = 0, height = 0] = (/viewBox="([^"]*)"/.exec(attributes)?.[1] ?? '').split(/[\s,]+/).map(Number)
  const size = ` width="${Math.round(width * SCALE)}" height="${Math.round(height * SCALE)}"`
  const label = ` role="img" aria-label="${escape(alternative)}"`
  const own = attributes.replace(OWN_ATTRIBUTE_RE, '') + size + label
  return description
    ? `<svg${own} aria-describedby="${id}-desc"><desc id="${id}-desc">${description}</desc>${inside}</svg>`
    : `<svg${own}>${inside}</svg>`
}
