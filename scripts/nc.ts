import { connectAndTalk, type ExitCode, type Say } from './workbook/nc/connect.ts'
import { NcError } from './workbook/nc/error.ts'
import { listenAndTalk } from './workbook/nc/listen.ts'
import { HELP, parseOptions, USAGE } from './workbook/nc/options.ts'
import { type Terminal } from './workbook/nc/relay.ts'

/**
 * `npm run nc -- 127.0.0.1 12345`: the netcat of those who have none. What it has, it does as
 * OpenBSD's nc(1) does, to the words on standard error and the exit code, but for one thing: nc -l
 * with a port alone listens on 127.0.0.1, not on every address.
 */
export async function main(argv: string[]): Promise<number> {
  return netcat(argv, { input: process.stdin, output: process.stdout }, line => {
    process.stderr.write(`${line}\n`)
  })
}

/**
 * nc itself, with the terminal's side as a parameter.
 * @param say prints a line on standard error
 * @returns the exit code
 */
export async function netcat(argv: readonly string[], terminal: Terminal, say: Say): Promise<ExitCode> {
  try {
    const options = parseOptions(argv)
    if (options === 'help') {
      say(HELP)
      return 0
    }
    if (!options.listen) return await connectAndTalk(options, terminal, say)
    await listenAndTalk(options, terminal, say)
    return 0
  } catch (error) {
    if (!(error instanceof NcError)) throw error
    if (error.message) say(`nc: ${error.message}`)
    if (error.usage) say(USAGE)
    return 1
  }
}
