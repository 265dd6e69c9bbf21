import { type ThemeRegistrationRaw } from 'shiki/core'

/**
 * What is told apart in code, and by which TextMate scopes. Each kind becomes a class, coloured in
 * site/styles/palette.css for both schemes at once, so a block is tokenized once and written once.
 * Few kinds on purpose: in a book, code should look set, not lit.
 */
export const KINDS = {
  k: ['keyword', 'storage', 'keyword.operator.new', 'keyword.operator.expression', 'variable.language.this'],
  s: ['string', 'punctuation.definition.string', 'constant.character.escape', 'string.regexp', 'string.unquoted.argument.quoted'],
  n: ['constant.numeric', 'constant.language', 'support.type.property-name.json', 'constant.other.option'],
  f: ['entity.name.function', 'support.function', 'entity.name.command', 'entity.name.section'],
  t: ['entity.name.type', 'support.type', 'support.class', 'entity.other.inherited-class', 'entity.name.tag'],
  c: ['comment', 'punctuation.definition.comment'],
} as const satisfies Record<string, readonly string[]>

/** Scopes that the grammars put under a kind, but that read better as plain text. */
const PLAIN = [
  'keyword.operator', 'punctuation', 'storage.type.function.arrow', 'meta.template.expression',
  'punctuation.definition.template-expression', 'string.unquoted.argument',
]

const PLAIN_COLOUR = '#000000'

/** A colour that stands for a kind; nothing is ever painted with it. */
const markers = new Map(Object.keys(KINDS).map((kind, index) => [`#0000${(index + 17).toString(16)}`, kind]))

/** The class for a marker colour; none for plain text. */
export function kindOf(colour: string | undefined): string | undefined {
  return markers.get(colour?.toLowerCase() ?? '')
}

export const THEME: ThemeRegistrationRaw = {
  name: 'port-12345',
  type: 'light',
  fg: PLAIN_COLOUR,
  bg: '#ffffff',
  settings: [
    { settings: { foreground: PLAIN_COLOUR, background: '#ffffff' } },
    ...[...markers].map(([colour, kind]) => ({
      scope: [...KINDS[kind as keyof typeof KINDS]],
      settings: { foreground: colour },
    })),
    { scope: PLAIN, settings: { foreground: PLAIN_COLOUR } },
  ],
}
