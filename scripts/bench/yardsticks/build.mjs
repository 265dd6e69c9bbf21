import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPlainRenderer } from './render.mjs'

// The yardstick of a build: node build.mjs ENGINE BOOK… parses and highlights every lesson, and writes nothing.

const [engine, ...roots] = process.argv.slice(2)
const render = await createPlainRenderer(engine)
let characters = 0
for (const root of roots) {
  for (const name of readdirSync(join(root, 'lessons')).filter(file => file.endsWith('.md'))) {
    characters += render(readFileSync(join(root, 'lessons', name), 'utf8')).length
  }
}
console.log(characters)
