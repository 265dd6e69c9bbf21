import { OVERVIEW, usageOf } from './workbook/start/help.ts'
import { readOptions } from './workbook/start/options.ts'

/** `npm run help` says which commands there are, `npm run help try` what there is to one of them. */
export async function main(argv: string[]): Promise<number> {
  const { words: [name] } = readOptions(argv, {}, 'npm run help, or npm run help try', 1)
  console.log(name === undefined ? OVERVIEW : usageOf(name))
  return 0
}
