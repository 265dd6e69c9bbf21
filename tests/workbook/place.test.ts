import ts from 'typescript'
import { expect, test } from 'vitest'
import { enclosing, placeOf } from '../../scripts/workbook/snippet/place.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { ROOT } from '../support/command.ts'

const files = readWorkbook(ROOT).lessons.flatMap(({ snapshot }) =>
  snapshot.files.map(file => ({ ...file, path: `${snapshot.folder}/${file.name}` })))

test.each(files)('the functions and types round each line of $path are those the compiler sees', ({ name, text, lines }) => {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)
  lines.forEach((line, index) => {
    // The line between parameters and body is the compiler's, and the reader's neither.
    if (line.trim() === '' || /^\s*\).*\{$/.test(line)) return
    const at = source.getPositionOfLineAndCharacter(index, line.length - line.trimStart().length)
    const names: string[] = []
    for (let node = touching(source, at); node; node = node.parent as ts.Node) {
      // The lines that declare one stand outside it as far as they are not indented, and so does its closing bracket.
      const { character } = source.getLineAndCharacterOfPosition(node.getStart())
      const deeper = character < line.length - line.trimStart().length
      const inside = deeper && node.getStart() < at && node.getEnd() > at + line.trim().length
      if (!inside) continue
      if (ts.isFunctionDeclaration(node)) names.unshift(`${node.name?.text}()`)
      if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) names.unshift(node.name?.text ?? '')
    }
    expect(enclosing(lines, index + 1), `line ${index + 1}`).toEqual(names)
  })
})

test('places are said in words', () => {
  const lines = ['import a', '', 'const b = 1', '', 'function f() {', '  x()', '  function g() {', '    y()', '  }', '}', '', 'f()']
  expect(placeOf(lines, 1, 1)).toBe('at the top')
  expect(placeOf(lines, 6, 6)).toBe('in f()')
  expect(placeOf(lines, 8, 8)).toBe('in g()')
  expect(placeOf(lines, 6, 8)).toBe('in f()')
  expect(placeOf(lines, 12, 12)).toBe('at the end')
})

test('what takes the place of other code is found by what stands above it', () => {
  const { lessons } = readWorkbook(ROOT)
  const places = (slug: string) => lessons.find(lesson => lesson.slug === slug)?.snippets.map(snippet => snippet.place)
  // The first line of a function is replaced, and nothing beyond it; then a whole function is new.
  expect(places('echo')).toContain('server.ts, in initializeServerSocket() and in handleClient(), replace 2 lines')
  expect(places('the-command-line')).toContain('server.ts, after printable(), replace 7 lines')
})

function touching(source: ts.SourceFile, at: number): ts.Node {
  let found: ts.Node = source
  const visit = (node: ts.Node) => {
    if (node.getStart() <= at && at < node.getEnd()) {
      found = node
      node.forEachChild(visit)
    }
  }
  source.forEachChild(visit)
  return found
}
