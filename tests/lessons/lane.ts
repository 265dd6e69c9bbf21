import { Problem } from '../../scripts/workbook/problem.ts'
import { BEHAVIOURS } from './index.ts'
import { EXERCISES } from './exercises.ts'
import { Guardian } from '../../scripts/workbook/check/program/guardian.ts'
import { Room } from '../../scripts/workbook/check/stage.ts'
import type { Setting } from '../../scripts/workbook/check/setting.ts'
import { tell } from '../../scripts/workbook/check/attempt.ts'
import type { Verdict } from '../../scripts/workbook/check/report/verdict.ts'

/** What a lane is asked, and what it answers: a story, or to end what the stories of a check have left. */
export type Job = { behaviour: string, setting: Setting } | 'clear'
export type Answer = { verdict: Verdict } | { cleared: true } | { bug: string }
  | { problem: { message: string, remedy?: string } }

// The whole of a process that tells stories in a network of its own, one at a time, for as long as
// the process that started it is there.
const guardian = new Guardian()
let room: Room | undefined

process.on('message', async (job: Job) => {
  if (job === 'clear') {
    await room?.close()
    room = undefined
    process.send?.({ cleared: true } satisfies Answer)
    return
  }
  const behaviours = [...BEHAVIOURS, ...EXERCISES.flatMap(exercise => exercise.behaviours)]
  const behaviour = behaviours.find(({ id }) => id === job.behaviour)
  room ??= new Room(job.setting, guardian, true)
  try {
    if (!behaviour) throw new Error(`no behaviour ${job.behaviour}`)
    process.send?.({ verdict: await tell(behaviour, job.setting, room) } satisfies Answer)
  } catch (error) {
    const answer: Answer = error instanceof Problem
      ? { problem: { message: error.message, ...(error.remedy !== undefined && { remedy: error.remedy }) } }
      : { bug: (error as Error).stack ?? String(error) }
    process.send?.(answer)
  }
})

process.on('disconnect', async () => {
  await room?.close()
  guardian.dismiss()
  process.exit()
})
