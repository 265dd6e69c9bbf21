import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPlainRenderer } from './render.mjs'

// The yardstick of a build: node build.mjs BOOK… parses and highlights every lesson, and writes nothing.

const render = await createPlainRenderer()
let characters = 0
for (const root of process.argv.slice(2)) {
  for (const name of readdirSync(join(root, 'lessons')).filter(file => file.endsWith('.md'))) {
    characters += render(readFileSync(join(root, 'lessons', name), 'utf8')).length
  }
}
console.log(characters)
