import { type MarkdownIt, type Token } from 'markdown-it'
import { CONTAINERS, type ContainerMeta, type ContainerName } from '../../scripts/workbook/book/markdown.ts'
import { Problem } from '../../scripts/workbook/problem.ts'
import type { RenderEnv } from '../site.ts'

/** What stands above a box, so that its kind is told in words and not by its colour alone. */
const LABELS: Record<ContainerName, string> = {
  try: 'Try it',
  checkpoint: 'Checkpoint',
  aside: 'Aside',
  warning: 'Take care',
  details: 'More',
  given: 'Given',
  exercise: 'Exercise',
  hint: 'Hint',
  solution: 'Solution',
}

/** Boxes that are folded; a folded one needs no JavaScript and prints open. */
const FOLDED: readonly ContainerName[] = ['details', 'hint', 'solution']

/** The boxes of the text: `::: try` and its kin. */
export function boxes(md: MarkdownIt): void {
  for (const name of Object.keys(CONTAINERS) as ContainerName[]) {
    if (name === 'given') continue
    const folded = FOLDED.includes(name)
    const role = name === 'aside' || name === 'warning' ? ' role="note"' : ''
    md.renderer.rules[`container_${name}_open`] = (tokens, index, options, env) => {
      const meta = tokens[index]?.meta as unknown as PreparedMeta
      const title = md.renderer.renderInline(md.parseInline(meta.title, {})[0]?.children ?? [], options, env)
      const heading = `<span class="kind">${meta.label ?? LABELS[name]}</span>${title && ` <span class="title">${title}</span>`}`
      return folded
        ? `<details class="box ${name}"><summary>${heading}</summary><div class="inside">\n`
        : `<div class="box ${name}"${role}><p class="label">${heading}</p>\n`
    }
    md.renderer.rules[`container_${name}_close`] = () => folded ? '</div></details>\n' : '</div>\n'
  }
  // The answer of a checkpoint: see prepareBoxes.
  md.renderer.rules.answer_open = () => '<details class="answer"><summary>Answer</summary><div class="inside">\n'
  md.renderer.rules.answer_close = () => '</div></details>\n'
}

interface PreparedMeta extends ContainerMeta {
  label?: string
}

/**
 * Gives boxes what they take from their surroundings: hints their number ("Hint 2 of 3"), checkpoints
 * the fold round their answer. The text's own tokens stay as they are.
 * @throws Problem for a checkpoint that asks or answers nothing
 */
export function prepareBoxes(tokens: readonly Token[], text: RenderEnv['text']): Token[] {
  // Where an answer begins, by the token before which it does; it ends where the checkpoint does.
  const answers = new Set<number>()
  return tokens.flatMap((token, index) => {
    const before = answers.has(index) ? [fold('answer_open')] : []
    switch (token.type) {
      case 'container_hint_open':
        return [...before, withMeta(token, { ...token.meta, label: labelOfHint(tokens, index) })]
      case 'container_checkpoint_open':
        answers.add(startOfAnswer(tokens, index, text))
        return [...before, token]
      case 'container_checkpoint_close':
        return [fold('answer_close'), token]
      default:
        return [...before, token]
    }
  })
}

/** A checkpoint asks in its first paragraph and answers in the rest; one with a single block asks in its title. */
function startOfAnswer(tokens: readonly Token[], index: number, text: RenderEnv['text']): number {
  const { title } = tokens[index]?.meta as unknown as ContainerMeta
  const isEnd = (at: number) => tokens[at]?.type === 'container_checkpoint_close'
  const asksInText = tokens[index + 1]?.type === 'paragraph_open' && !isEnd(index + 4)
  if (asksInText) return index + 4
  if (title !== '' && !isEnd(index + 1)) return index + 1
  throw new Problem(`this checkpoint ${isEnd(index + 1) ? 'is empty' : 'asks nothing'}`, {
    place: { file: text.file, line: text.bodyLine + (tokens[index]?.map?.[0] ?? 0) },
    remedy: 'Its first paragraph asks, and what follows is the answer, folded away.',
  })
}

function fold(type: string): Token {
  return { type, level: 0, children: null } as unknown as Token
}

function withMeta(token: Token, meta: object): Token {
  return Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token, { meta })
}

function labelOfHint(tokens: readonly Token[], index: number): string {
  const level = tokens[index]?.level ?? 0
  let start = index
  while ((tokens[start - 1]?.level ?? -1) >= level) start--
  let end = index
  while ((tokens[end + 1]?.level ?? -1) >= level) end++
  const isHint = (token: Token) => token.type === 'container_hint_open' && token.level === level
  const count = (to: number) => tokens.slice(start, to + 1).filter(isHint).length
  const all = count(end)
  return all === 1 ? LABELS.hint : `Hint ${count(index)} of ${all}`
}
