import type { Mistake } from '#workbook/check/explain/mistake.ts'
import { PORT } from '#workbook/check/setting.ts'
import { behaviours } from './behaviours.ts'

/** What goes wrong in a first client. */
export const mistakes: readonly Mistake[] = [
  {
    id: 'calls-elsewhere',
    enough: true,
    of: behaviours,
    find({ program }) {
      if (program?.file !== 'client.ts') return undefined
      const [, port] = /\bport (\d+)|ECONNREFUSED \S*:(\d+)\b/.exec(program.errors)?.filter(Boolean) ?? []
      return port && Number(port) !== PORT ? `your client calls port ${port}, and the server listens on port ${PORT}` : undefined
    },
  },
]
