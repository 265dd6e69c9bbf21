import { inspect, parseArgs } from 'node:util'

const HELP = `Options, and what they are without being given:
  --host HOST       where to listen, or whom to call (127.0.0.1)
  --port PORT       at which port, 1 to 65535 (12345)
  --backlog NUMBER  how many clients may wait at the server's door (511)
  --help            print this and do nothing
HOST and PORT in the environment replace what stands in brackets.`

const OPTIONS = {
  host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
  port: { type: 'string', default: process.env.PORT ?? '12345' },
  backlog: { type: 'string', default: '511' },
  help: { type: 'boolean', default: false },
} as const

export type Options = NonNullable<ReturnType<typeof readOptions>>

export function readOptions(allowPositionals = false) {
  try {
    const config = { options: OPTIONS, allowPositionals }
    const { values, positionals } = parseArgs(config)
    if (values.help) {
      console.log(HELP)
      return undefined
    }
    return {
      host: values.host || refuse('the host is empty'),
      port: wholeNumber('port', values.port),
      backlog: wholeNumber('backlog', values.backlog),
      words: positionals,
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    console.error(`Not understood: ${message.split('\n')[0]}`)
    process.exitCode = 2
    return undefined
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  const isWhole = Number.isInteger(number) && String(number) === text
  if (isWhole && number >= 1 && number <= 65535) return number
  const shown = inspect(text, { breakLength: Infinity })
  return refuse(`the ${name} is from 1 to 65535, not ${shown}`)
}

function refuse(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_PARSE_ARGS_VALUE' })
}
