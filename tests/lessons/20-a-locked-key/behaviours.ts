import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLine } from '#workbook/certs/make.ts'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program, StartOptions } from '#workbook/check/program/program.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { noTerminal } from '#workbook/check/program/printed/pseudo-terminal.ts'
import { until } from '#workbook/machine/until.ts'
import { served } from '../19-both-sides-show-papers/behaviours.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'
import { echoWith, expectTalks } from '../18-whom-do-you-trust/behaviours.ts'

const SERVER = 'server.ts'
const CLIENT = 'client.ts'
const LOCKED = ['--key', 'certs/secret.key']
const ASKS_RE = /passphrase/i
const QUESTION = 'Passphrase of certs/secret.key: '
/** As the reader has them. */
const OWN = ['--key', 'certs/locked.key']
const OPEN = ['--passphrase-file', 'certs/passphrase']
const TRIES = 3
const ENTER = '\r'
const CTRL_C = '\x03'
const CTRL_D = '\x04'

/** Locks a key of a folder under a passphrase of our own, as certs/secret.key. */
export async function lock(folder: string, passphrase: string, key = 'server'): Promise<void> {
  writeFileSync(join(folder, 'certs/made.txt'), `${passphrase}\n`)
  await runLine(`openssl pkey -in certs/${key}.key -aes256 -passout file:certs/made.txt -out certs/secret.key`, folder)
}

/** A passphrase that stands in no program. */
export function secretOf({ random }: World): string {
  return `seven sheep ${random.bytes(4).toString('hex')}`
}

/** Starts the server at a terminal, and waits until it asks. */
export async function asked(world: World, folder: string, args: readonly string[] = []): Promise<Program> {
  const program = world.start(SERVER, [...LOCKED, ...args], { cwd: folder, terminal: true })
  await program.asks(ASKS_RE, QUESTION)
  return program
}

/**
 * Types the answer. Who may try again is asked again, gives the same answer, and is not asked for ever.
 * @returns how much it had printed when it was told the last time
 */
async function answer(program: Program, keys: string): Promise<number> {
  for (let left = keys.includes(ENTER) ? TRIES : 1; ; left--) {
    const before = textOf(program).length
    program.type(keys)
    if (left === 1) return before
    const asksAgain = () => ASKS_RE.test(textOf(program).slice(before).split('\n').at(-1) ?? '')
    await until(() => !program.running || asksAgain(), DEADLINES.line)
    if (!asksAgain()) return before
  }
}

async function servesWith(
  world: World, args: readonly string[], options: StartOptions, what: string,
): Promise<Program> {
  const program = world.start(SERVER, args, options)
  await program.listening(PORT).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.kind !== 'ended') throw error
    throw new Failure('ended', `${what}, and your program ended with exit code ${program.exitCode}`, error.evidence)
  })
  await served(world, {})
  return program
}

function shows(program: Program, secret: string): boolean {
  return program.output.bytes.includes(secret)
}

function textOf({ output }: Program): string {
  return output.bytes.toString('utf8')
}

export const asksForThePassphrase: Behaviour = {
  id: 'asks-for-the-passphrase',
  title: 'at a terminal it asks for the passphrase, shows nothing of it, and serves',
  alone: true,
  unless: noTerminal,
  byHand: run => [run(SERVER, OWN)],
  async story(world) {
    const folder = world.papers()
    const secret = secretOf(world)
    await lock(folder, secret)
    const program = await asked(world, folder)
    program.type(`${secret}${ENTER}`)
    await program.line(line => line.startsWith('Listening on '), `Listening on 127.0.0.1:${PORT}`).catch((error: unknown) => {
      if (program.running) throw error
      // What it says stands on its terminal, and so not among its errors.
      const last = textOf(program).replaceAll(secret, '').trim().split('\n').at(-1)
      throw new Failure('ended', `the right passphrase was typed, and your program ended and said "${last}"`, { program })
    })
    if (shows(program, secret)) throw new Failure('output', 'the passphrase was typed, and it is on the screen', { program })
    const peer = await served(world, {})
    peer.end()
    await peer.receivesToEnd('')
    program.type(CTRL_C)
    await program.ended().catch(() => {
      throw new Failure('runs-on', 'after the passphrase Ctrl-C at the terminal does not stop your program any more', { program })
    })
    expectExitCode(program, 0)
  },
}

export const leavesTheTerminal: Behaviour = {
  id: 'leaves-the-terminal',
  title: 'wrong, empty, Ctrl-C, Ctrl-D: one line, exit code 1, the terminal as before',
  alone: true,
  unless: noTerminal,
  byHand: run => [run(SERVER, OWN)],
  async story(world) {
    const folder = world.papers()
    await lock(folder, secretOf(world))
    const cases = [
      ['a wrong passphrase', `sleepless${ENTER}`], ['an empty one', ENTER], ['Ctrl-C', `half a word${CTRL_C}`], ['Ctrl-D', CTRL_D],
    ] as const
    const programs = await Promise.all(cases.map(() => asked(world, folder, ['--port', '0'])))
    for (const [index, [what, keys]] of cases.entries()) {
      const program = programs[index]!
      const said = await answer(program, keys)
      await program.ended().catch(() => { throw new Failure('runs-on', `${what} at the question, and your program runs on`, { program }) })
      if (/sleepless|half a word/.test(textOf(program))) throw new Failure('output', 'what is typed at the question is on the screen', { program })
      const lines = textOf(program).slice(said).split('\n').filter(line => line.trim() !== '')
      // Ctrl-C may also end it as it ends any program, without a word.
      const interrupted = keys.includes(CTRL_C) && program.exitCode === 130
      if (lines.length !== 1 && !(interrupted && lines.length === 0)) {
        throw new Failure('ended-otherwise', `${what}: your program should write one line below the question, and there are ${lines.length || 'none'}`, { program })
      }
      if (!interrupted) expectExitCode(program, 1)
      if (!await until(() => program.terminal?.restored === true)) {
        throw new Failure('other', `${what}: the terminal is not as it was before your program came`, { program, certain: false })
      }
    }
  },
}

export const passphraseFromAFile: Behaviour = {
  id: 'passphrase-from-a-file',
  title: 'with --passphrase-file nobody is asked; one newline at its end does not count',
  alone: true,
  byHand: run => [run(SERVER, [...OWN, ...OPEN])],
  async story(world) {
    const folder = world.papers()
    const secret = ` ${secretOf(world)} `
    await lock(folder, secret)
    const args = [...LOCKED, '--passphrase-file', 'certs/word']
    for (const [end, what] of [['\n', 'ends with a newline'], ['', 'has no newline'], ['\r\n', 'ends as Windows ends a line']] as const) {
      writeFileSync(join(folder, 'certs/word'), `${secret}${end}`, { mode: 0o600 })
      const options = end === '' ? { env: { PASSPHRASE: 'another' } } : {}
      const program = await servesWith(world, args, { cwd: folder, ...options }, `the passphrase begins and ends with a blank, its file ${what}`)
      await program.kill()
    }
  },
}

export const passphraseFromTheEnvironment: Behaviour = {
  id: 'passphrase-from-the-environment',
  title: 'PASSPHRASE in the environment opens the key; a key without a lock needs none',
  alone: true,
  byHand: run => [`PASSPHRASE=seven-sleepy-sheep ${run(SERVER, OWN)}`],
  async story(world) {
    const folder = world.papers()
    const PASSPHRASE = secretOf(world)
    await lock(folder, PASSPHRASE)
    const program = await servesWith(world, LOCKED, { cwd: folder, env: { PASSPHRASE } }, 'the passphrase was in the environment')
    await program.kill()
    await servesWith(world, [], { cwd: folder, env: { PASSPHRASE: '' } }, 'the key has no lock')
  },
}

export const noPassphrase: Behaviour = {
  id: 'no-passphrase',
  title: 'a passphrase that is missing, empty or wrong is one line, with exit code 1',
  alone: true,
  byHand: run => [`${run(SERVER, OWN)} </dev/null; echo $?`],
  async story(world) {
    const folder = world.papers()
    const secret = secretOf(world)
    await lock(folder, secret)
    const write = (name: string, text: string, mode = 0o600) => {
      writeFileSync(join(folder, `certs/${name}`), text)
      chmodSync(join(folder, `certs/${name}`), mode)
    }
    write('empty', '')
    write('newline', '\n')
    write('wrong', 'sleepless\n')
    write('open', `${secret}\n`, 0o644)
    const from = (name: string) => ['--passphrase-file', `certs/${name}`]
    // Several are started at once, and those that listen would be in each other's way.
    const refused = (more: readonly string[], words: RegExp, env: Record<string, string> = {}) =>
      ({ args: [...LOCKED, ...more, '--port', '0'], exitCode: 1, words, options: { cwd: folder, env } }) as const
    await refuses(world,
      refused([], /secret\.key/),
      refused([], /secret\.key/, { PASSPHRASE: 'wrong' }),
      refused([], /secret\.key/, { PASSPHRASE: '' }),
      refused(from('wrong'), /secret\.key/, { PASSPHRASE: secret }),
      refused(from('none'), /certs\/none/),
      refused(from('empty'), /secret\.key|certs\/empty/),
      refused(from('newline'), /secret\.key|certs\/newline/),
      ...process.platform === 'win32' ? [] : [refused(from('open'), /certs\/open/)],
    )
  },
}

export const clientOpensItsKey: Behaviour = {
  id: 'client-opens-its-key',
  title: 'a client whose key is locked opens it in the same ways',
  alone: true,
  byHand: run => [run(), `openssl pkey -in certs/client.key -aes256 -passout pass:baa -out certs/my.key\nPASSPHRASE=baa ${run(CLIENT, ['--key', 'certs/my.key'])}`],
  async story(world) {
    const folder = world.papers()
    const secret = secretOf(world)
    await lock(folder, secret, 'client')
    writeFileSync(join(folder, 'certs/word'), `${secret}\n`, { mode: 0o600 })
    await echoWith(world, { folder })
    for (const [args, options] of [[['--passphrase-file', 'certs/word'], {}], [[], { env: { PASSPHRASE: secret } }]] as const) {
      await expectTalks(world.start(CLIENT, [...LOCKED, ...args, 'Good morning'], { cwd: folder, ...options }))
    }
  },
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  asksForThePassphrase, leavesTheTerminal, passphraseFromAFile, passphraseFromTheEnvironment,
  noPassphrase, clientOpensItsKey,
]
