import type { Token } from 'markdown-it'
import { plainText } from './markdown.ts'
import { collectProblems, Problem } from '../problem.ts'
import { anchorOf } from '../text.ts'

/** A word of the trade, defined where a text sets it in bold. */
export interface Term {
  term: string
  /** The id of the bold word on its page, and of its entry in the glossary. */
  anchor: string
  /** The sentence that defines it, as Markdown. */
  sentence: string
  line: number
}

/**
 * The terms that parsed tokens define; bold is used for nothing else.
 * @throws Problem for a term that the same text defines twice
 */
export function termsOf(tokens: readonly Token[], file: string, bodyLine: number): Term[] {
  const terms: Term[] = []
  for (const token of tokens) {
    if (token.type !== 'inline') continue
    token.children?.forEach((child, index, all) => {
      if (child.type !== 'strong_open') return
      const end = all.findIndex((other, at) => at > index && other.type === 'strong_close')
      const term = plainText({ ...token, children: all.slice(index + 1, end) } as Token)
      const line = bodyLine + (token.map?.[0] ?? 0) + token.content.slice(0, token.content.indexOf('**')).split('\n').length - 1
      if (SENTENCE_RE.test(term)) {
        throw new Problem(`"${term}" is a sentence, and bold is for the terms of the glossary`, {
          place: { file, line }, remedy: 'Set it in italics: *so*.',
        })
      }
      const anchor = `term-${anchorOf(term)}`
      if (terms.some(other => other.anchor === anchor)) {
        throw new Problem(`the term "${term}" is defined a second time`, {
          place: { file, line },
          remedy: 'A term is bold once, where it is defined; bold is used for nothing else.',
        })
      }
      child.attrSet('id', anchor)
      terms.push({ term, anchor, sentence: sentenceWith(token.content, term), line })
    })
  }
  return terms
}

/**
 * The terms of all texts in alphabetical order, each with the text that defines it.
 * @throws Problem or Problems for a term that another text has defined
 */
export function uniqueTerms<Text extends { file: string, terms: readonly Term[] }>(
  texts: readonly Text[],
): (Term & { text: Text })[] {
  const terms: (Term & { text: Text })[] = []
  collectProblems(texts.flatMap(text => text.terms.map(term => () => {
    const other = terms.find(known => known.anchor === term.anchor)
    if (other) {
      throw new Problem(`the term "${term.term}" is defined in ${other.text.file} already`, {
        place: { file: text.file, line: term.line },
        remedy: 'A term is bold once, where it is defined.',
      })
    }
    terms.push({ ...term, text })
  })))
  return terms.sort((a, b) => a.term.localeCompare(b.term, 'en'))
}

const SENTENCE_RE = /[.?!:]$/

// A sentence ends with a stop, perhaps inside a closing sign, before a blank and a capital or a code word.
const SENTENCE_END_RE = /(?<=[.?!][)"’”]?)\s+(?=["“(`*]*[A-Z`])/

function sentenceWith(markdown: string, term: string): string {
  const sentences = markdown.replace(/\n/g, ' ').split(SENTENCE_END_RE)
  return sentences.find(sentence => sentence.includes(`**${term}`)) ?? markdown
}
