import { join } from 'node:path'
import { describe, expect, test, type TestContext } from 'vitest'
import { canIsolate } from '../../scripts/workbook/machine/isolate.ts'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { examiners } from '../support/examiners/examiners.ts'
import type { Examination } from '../support/examiners/examiner.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved, tooBusy } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { room, roomFiles } from '../support/rooms.ts'
import { inWhole, WHOLE } from '../support/whole.ts'

const { lessons } = readWorkbook(ROOT)

const { check } = examiners()
// For a machine that runs other tests too: here everything has to hold.
const PATIENCE = { patience: 5 }
// Forty stamps are a second of processor time each, and the last of their clients waits for all.
const STAMPS = { patience: 10 }
// A program that is to fail waits for what does not come, and a quick run has better to do.
const IMPATIENCE = { patience: WHOLE ? 3 : 1 }
const EVERYTHING = inWhole('that each lesson keeps what those before it promise')

// Bounds what hangs, where four of these share two processors with everything else.
const BOUND = 400_000

describe.each(lessons)('lesson $number', { concurrent: canIsolate(), timeout: BOUND }, lesson => {
  const asked = (context: TestContext, folder: string, more: Partial<Examination>) => remembered(
    context, `lesson ${lesson.number} of ${folder}`, [JSON.stringify(more), ...roomFiles(lesson.number), ...filesIn(join(ROOT, folder))],
    () => check(lesson.number, join(ROOT, folder), more),
  )

  const cannot = !canCheck(lesson.number, 'the programs')

  test.skipIf(cannot)('its program does all that the lesson promises', async context => {
    const { own, behaviours: all } = room(lesson.number)
    const told = EVERYTHING ? all : own
    const until = told.at(-1)?.id
    const patience = lesson.number === 11 ? STAMPS : PATIENCE
    const { verdicts } = await asked(context, lesson.snapshot.folder, { ...patience, until })
    expect(verdicts.filter(verdict => verdict.status === 'failed')).toEqual([])
    expect(verdicts.map(verdict => verdict.id)).toEqual(told.map(({ id }) => id))
    expect(verdicts.some(verdict => verdict.status === 'held')).toBe(true)
    for (const { title, status, reason, busy } of verdicts) {
      if (status === 'not proved') (busy ? tooBusy : notProved)(`lesson ${lesson.number}, "${title}": ${reason}`)
    }
  })

  test.skipIf(cannot || !lesson.previous)('the program before it does not', async context => {
    const { verdicts } = await asked(context, lesson.previous?.snapshot.folder ?? '', IMPATIENCE)
    const failed = verdicts.filter(verdict => verdict.status === 'failed')
    if (failed.length === 0 && verdicts.some(({ busy }) => busy)) return tooBusy(`lesson ${lesson.number}, that the program before it fails`)
    expect(failed).not.toEqual([])
  })

  test('something begins to hold in it', () => {
    expect(room(lesson.number).own).not.toEqual([])
  })
})
