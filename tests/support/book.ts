import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { replacedOnce } from '../../scripts/workbook/check/change.ts'
import { ROOT } from './command.ts'

/** What a copy of the book needs to be read, and what its commands need besides. */
const BOOK = ['lessons', 'code', 'tests/lessons']
const COMMANDS = ['scripts', 'site', 'package.json', 'tsconfig.json', 'CONTRIBUTING.md', '.vscode']

/**
 * A copy of the whole book in a temporary folder, to be broken by a test; gone when the test ends.
 * With `commands` it can be run as well as read.
 */
export function copyOfBook({ commands = false } = {}): {
  root: string
  edit(file: string, from: string, to: string): number
} {
  const root = mkdtempSync(join(tmpdir(), 'port-12345-book-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const part of commands ? [...BOOK, ...COMMANDS] : BOOK) {
    // What is as old as it was is compiled once, and not for each command.
    cpSync(join(ROOT, part), join(root, part), {
      recursive: true, preserveTimestamps: true, filter: path => !path.includes(join('site', 'dist')),
    })
  }
  if (commands) symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  return {
    root,
    /** Replaces the one place where `from` stands; returns its line. */
    edit(file, from, to) {
      const text = readFileSync(join(root, file), 'utf8')
      writeFileSync(join(root, file), replacedOnce(text, file, from, to))
      return text.slice(0, text.indexOf(from)).split('\n').length
    },
  }
}
