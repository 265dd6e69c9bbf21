import { type MarkdownIt } from 'markdown-it'
import type { Fence } from '../../../scripts/workbook/book/fence.ts'
import { envOf } from '../../site.ts'
import { renderExperiment } from './experiment.ts'
import { renderPlain, renderSketch } from '../plain.ts'
import { renderSnippet } from './snippet.ts'

/** Fences, by what the workbook found them to be. */
export function fences(md: MarkdownIt): void {
  md.renderer.rules.fence = (tokens, index, _options, given) => {
    const env = envOf(given)
    const { fence } = (tokens[index]?.meta ?? {}) as { fence?: Fence }
    const content = tokens[index]?.content ?? ''
    switch (fence?.kind) {
      case 'snippet': return renderSnippet(fence.snippet, env).text
      case 'sketch': return renderSketch(content, fence.lang, env).text
      case 'plain': return renderPlain(content, fence.lang, env).text
      case 'experiment': return renderExperiment(fence.experiment, env).text
      default: throw new Error(`the site cannot show this fence: ${content.slice(0, 60)}`)
    }
  }
}
