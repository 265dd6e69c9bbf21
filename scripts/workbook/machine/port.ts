import { describeHolder, findPortHolder } from './port-holder.ts'
import { Problem } from '../problem.ts'
import { PORT } from '../check/setting.ts'

/** The problem that somebody else has the port: who it is, and how to stop it. Nothing is stopped here. */
export async function portTaken(port = PORT): Promise<Problem> {
  const holder = await findPortHolder(port)
  return new Problem(`port ${port} is taken, and the programs of this lesson need it`, {
    remedy: holder ? describeHolder(port, holder) : 'Stop the program that has it; npm run doctor says which.',
  })
}
