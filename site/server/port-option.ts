import { parseArgs } from 'node:util'
import { Problem } from '../../scripts/workbook/problem.ts'

export const USUAL_PORT = 4321

/**
 * Reads `--port N`, the one option of `npm start` and `npm run dev`.
 * @throws Problem with exit code 2 for anything else
 */
export function readPort(argv: readonly string[], command: string): number {
  const usage = `Usage: ${command} [-- --port N], N from 0 (any that is free) to 65535`
  let value: string | undefined
  try {
    value = parseArgs({ args: [...argv], options: { port: { type: 'string' } } }).values.port
  } catch (error) {
    throw new Problem((error as Error).message.split('. ')[0] ?? '', { remedy: usage, exitCode: 2 })
  }
  if (value === undefined) return USUAL_PORT
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN
  if (!(port <= 65535)) throw new Problem(`"${value}" is no port`, { remedy: usage, exitCode: 2 })
  return port
}
