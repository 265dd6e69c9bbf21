import { readFileSync, watch, writeFileSync } from 'node:fs'
import { createPlainRenderer } from './render.mjs'

// The yardstick of a save: node save.mjs LESSON PAGE watches one file, renders it alone whenever it is
// saved, and says how long its text was.

const [lesson, page] = process.argv.slice(2)
const render = await createPlainRenderer('javascript')

watch(lesson, build)
build()

function build() {
  const text = readFileSync(lesson, 'utf8')
  writeFileSync(page, render(text))
  console.log(text.length)
}
