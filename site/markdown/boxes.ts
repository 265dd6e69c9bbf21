import { type MarkdownIt, type Token } from 'markdown-it'
import { CONTAINERS, type ContainerMeta, type ContainerName } from '../../scripts/workbook/markdown.ts'
import { Problem } from '../../scripts/workbook/problem.ts'
import type { RenderEnv } from '../site.ts'

/** What stands above a box, so that its kind is told in words and not by its colour alone. */
const LABELS: Record<ContainerName, string> = {
  try: 'Try it',
  checkpoint: 'Checkpoint',
  aside: 'Aside',
  warning: 'Take care',
  details: 'More',
  exercise: 'Exercise',
  hint: 'Hint',
  solution: 'Solution',
}

/** Boxes that are folded; a folded one needs no JavaScript and prints open. */
const FOLDED: readonly ContainerName[] = ['checkpoint', 'details', 'hint', 'solution']

/** The boxes of the text: `::: try` and its kin. */
export function boxes(md: MarkdownIt): void {
  for (const name of Object.keys(CONTAINERS) as ContainerName[]) {
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
}

interface PreparedMeta extends ContainerMeta {
  label?: string
}

/**
 * Gives boxes what they take from their surroundings: hints their number ("Hint 2 of 3"), a checkpoint
 * without a title its first paragraph as the question. The lesson's own tokens stay as they are.
 * @throws Problem for a checkpoint that asks nothing
 */
export function prepareBoxes(tokens: readonly Token[], lesson: RenderEnv['lesson']): Token[] {
  const result: Token[] = []
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!
    const meta = token.meta as unknown as ContainerMeta | null
    if (token.type === 'container_hint_open') {
      result.push(withMeta(token, { ...meta, label: labelOfHint(tokens, index) }))
    } else if (token.type === 'container_checkpoint_open' && meta?.title === '') {
      const [open, question] = tokens.slice(index + 1)
      if (open?.type !== 'paragraph_open' || question?.type !== 'inline') {
        throw new Problem('this checkpoint asks nothing', {
          place: { file: lesson.file, line: lesson.bodyLine + (token.map?.[0] ?? 0) },
          remedy: 'Write the question behind the word checkpoint, or as its first paragraph.',
        })
      }
      result.push(withMeta(token, { ...meta, title: question.content }))
      index += 3
    } else {
      result.push(token)
    }
  }
  return result
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
