import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readFigures } from '../../site/markdown/read-figures.ts'
import { temporaryFolder } from './fixture-book.ts'

const use = { alternative: 'Two "sockets" & a wire', prefix: '', text: { file: 'lessons/01-x.md' } }

function inline(svg: string, prefix = '') {
  const root = temporaryFolder()
  mkdirSync(join(root, 'lessons/figures'), { recursive: true })
  writeFileSync(join(root, 'lessons/figures/two.svg'), svg)
  return readFigures(root).inline('two.svg', { ...use, prefix })
}

describe('a figure in a page', () => {
  test('is named by the alternative text and keeps its description', () => {
    const svg = inline('<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg" width="10" viewBox="0 0 100 50" role="img"><title>T</title><desc>D</desc><rect width="1"/></svg>\n')
    expect(svg).toBe('<svg viewBox="0 0 100 50" width="110" height="55" role="img" aria-label="Two &quot;sockets&quot; &amp; a wire" aria-describedby="fig-two-desc"><desc id="fig-two-desc">D</desc><rect width="1"/></svg>')
  })

  test('has ids of its own, and what refers to them follows', () => {
    const svg = inline('<svg viewBox="0 0 1 1"><path id="a"/><use href="#a"/><g marker-end="url(#a)" clip-path="url(\'#a\')"/></svg>', '06-')
    expect(svg).toContain('<path id="06-fig-two-a"/><use href="#06-fig-two-a"/><g marker-end="url(#06-fig-two-a)" clip-path="url(#06-fig-two-a)"/>')
  })

  test.each([
    ['<svg><rect/></svg>', 'not an <svg> with a viewBox'],
    ['<svg viewBox="0 0 1 1"><script>1</script></svg>', 'a script'],
    ['<svg viewBox="0 0 1 1"><style>a{}</style></svg>', 'a <style>'],
    ['<svg viewBox="0 0 1 1"><rect style="fill:red"/></svg>', 'a style='],
    ['<svg viewBox="0 0 1 1" onload="x()"></svg>', 'an event handler'],
    ['<svg viewBox="0 0 1 1"><foreignObject/></svg>', 'a <foreignObject>'],
    ['<svg viewBox="0 0 1 1"><image href="https://x.example/a.png"/></svg>', 'from another file'],
    ['<svg viewBox="0 0 1 1"><use href="other.svg#a"/></svg>', 'from another file'],
    ['<svg viewBox="0 0 1 1"><rect fill="url(https://x.example)"/></svg>', 'from another file'],
    ['<!DOCTYPE svg><svg viewBox="0 0 1 1"></svg>', 'not an <svg>'],
  ])('%s is refused', (svg, message) => {
    expect(() => inline(svg)).toThrow(expect.objectContaining({ name: 'Problem', place: { file: 'lessons/figures/two.svg' } }))
    expect(() => inline(svg)).toThrow(message)
  })
})
