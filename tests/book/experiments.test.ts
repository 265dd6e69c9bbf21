import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../scripts/try.ts'
import { OWN_NC } from '../../scripts/workbook/experiment/environment.ts'
import { canIsolate } from '../../scripts/workbook/machine/isolate.ts'
import { isLesson, readWorkbook, type Text } from '../../scripts/workbook/book/read.ts'
import { ROOT, workbook } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved } from '../support/not-proved.ts'

const { lessons, texts } = readWorkbook(ROOT)

/** Each lesson has one to be played; the page of a part may do without. */
const played = texts.filter(text => isLesson(text) || text.experiments.length > 0)
  .map(text => [isLesson(text) ? `lesson ${text.number}` : `part ${text.number}`, text] as const)

const programsIn = (text: Text) => [
  ...(isLesson(text) ? [text] : []), ...lessons.filter(({ number }) => new RegExp(`\\blesson:${number}\\b`).test(text.source)),
]

test.for(played)('each transcript of %s happens', { concurrent: canIsolate(), timeout: 300_000 }, async ([name, text], context) => {
  const { expect } = context
  const ingredients = [text.source, ...programsIn(text).flatMap(({ snapshot }) => filesIn(join(ROOT, snapshot.folder)))]
  const { code, stdout, stderr } = await remembered(context, `the transcripts of ${name}`, ingredients, () =>
    workbook(['try', isLesson(text) ? String(text.number) : `part-${text.number}`, '--json']))
  const reports = stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as Report)
  expect(reports.flatMap(report => report.status === 'failed' ? report.reason : [])).toEqual([])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(reports).toHaveLength(text.experiments.length)
  // A machine without the tools proves less, and says so.
  expect(reports.some(({ status }) => status === 'held' || status === 'not proved')).toBe(isLesson(text) || text.experiments.some(({ recorded }) => !recorded))
  for (const { title, status, reason, nc } of reports) {
    if (status === 'not proved') notProved(`${name}, "${title}": ${reason}`)
    if (status === 'held' && nc === OWN_NC) notProved(`the experiments with OpenBSD's nc: it is missing here, and ${OWN_NC} took its place`)
  }
})

test('a recorded experiment says so and the others do not', () => {
  const recorded = texts.flatMap(text => text.experiments).filter(experiment => experiment.recorded)
  const needsRoot = recorded.filter(({ steps }) => steps.some(step => /\b(sudo|strace|tcpdump|npm run mine|in a browser)\b/.test(step.text)))
  expect(recorded).toEqual(needsRoot)
})
