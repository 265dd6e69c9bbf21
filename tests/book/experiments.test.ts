import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../scripts/try.ts'
import { OWN_NC } from '../../scripts/workbook/experiment/environment.ts'
import { canIsolate } from '../../scripts/workbook/machine/isolate.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { ROOT, workbook } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved } from '../support/not-proved.ts'

const { lessons } = readWorkbook(ROOT)

test.for(lessons)('each transcript of lesson $number happens', { concurrent: canIsolate(), timeout: 300_000 }, async (lesson, context) => {
  const { expect } = context
  const programs = [lesson, ...lessons.filter(({ number }) => new RegExp(`\\blesson:${number}\\b`).test(lesson.source))]
  const ingredients = [lesson.source, ...programs.flatMap(({ snapshot }) => filesIn(join(ROOT, snapshot.folder)))]
  const { code, stdout, stderr } = await remembered(context, `the transcripts of lesson ${lesson.number}`, ingredients, () =>
    workbook(['try', String(lesson.number), '--json']))
  const reports = stdout.split('\n').filter(Boolean).map(line => JSON.parse(line) as Report)
  expect(reports.flatMap(report => report.status === 'failed' ? report.reason : [])).toEqual([])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(reports).toHaveLength(lesson.experiments.length)
  // A machine without the tools proves less, and says so.
  expect(reports.some(({ status }) => status === 'held' || status === 'not proved')).toBe(true)
  for (const { title, status, reason, nc } of reports) {
    if (status === 'not proved') notProved(`lesson ${lesson.number}, "${title}": ${reason}`)
    if (status === 'held' && nc === OWN_NC) notProved(`the experiments with OpenBSD's nc: it is missing here, and ${OWN_NC} took its place`)
  }
})

test('a recorded experiment says so and the others do not', () => {
  const recorded = lessons.flatMap(lesson => lesson.experiments).filter(experiment => experiment.recorded)
  const needsRoot = recorded.filter(({ steps }) => steps.some(step => /\b(sudo|strace|tcpdump|npm run mine)\b/.test(step.text)))
  expect(recorded).toEqual(needsRoot)
})
