import { describeHolder, findPortHolder } from '../port-holder.ts'
import { Problem } from '../problem.ts'
import { PORT } from './setting.ts'

/** The problem that somebody else has the port: who it is, and how to stop it. Nothing is stopped here. */
export async function portTaken(): Promise<Problem> {
  const holder = await findPortHolder(PORT)
  return new Problem(`port ${PORT} is taken, and the programs of this lesson need it`, {
    remedy: holder ? describeHolder(PORT, holder) : 'Stop the program that has it; npm run doctor says which.',
  })
}
