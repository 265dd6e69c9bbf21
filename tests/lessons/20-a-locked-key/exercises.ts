import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Behaviour, World } from '#workbook/check/behaviour.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { noTerminal } from '#workbook/check/program/printed/pseudo-terminal.ts'
import { until } from '#workbook/machine/until.ts'
import { served } from '../19-both-sides-show-papers/behaviours.ts'
import { asked, lock, secretOf } from './behaviours.ts'
import { expectShown, renew, RENEW } from './renewing.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 20's exercises.

const SERVER = 'server.ts'
const OWN = ['--key', 'certs/locked.key']
const ENTER = '\r'
const CTRL_C = '\x03'

/** Locks the server's key anew, and writes the passphrase where the server looks for it. */
async function lockAnew(world: World, folder: string): Promise<void> {
  const secret = secretOf(world)
  await lock(folder, secret)
  writeFileSync(join(folder, 'certs/word'), `${secret}\n`, { mode: 0o600 })
  renameSync(join(folder, 'certs/secret.key'), join(folder, 'certs/new.key'))
}

export const newPassphrase: Behaviour = {
  id: 'exercise-a-new-passphrase-too',
  title: 'after SIGHUP it opens a key that is locked with a new passphrase',
  platforms: ['linux', 'darwin'],
  alone: true,
  byHand: run => [
    run(SERVER, [...OWN, '--passphrase-file', 'certs/passphrase']),
    `echo eight-lazy-goats > certs/passphrase\nopenssl pkey -in certs/server.key -aes256 \\\n  -passout file:certs/passphrase -out certs/locked.key\n${RENEW}`,
  ],
  async story(world) {
    const folder = world.papers()
    await lockAnew(world, folder)
    const first = await renew(folder)
    const args = ['--cert', 'certs/new.crt', '--key', 'certs/new.key', '--passphrase-file', 'certs/word']
    const program = world.start(SERVER, args, { cwd: folder })
    await program.listening(PORT)
    await expectShown(world, program, first)
    const before = await served(world, {})
    await lockAnew(world, folder)
    const second = await renew(folder)
    program.signal('SIGHUP')
    await expectShown(world, program, second)
    // A file that says nothing is no reason to end.
    writeFileSync(join(folder, 'certs/word'), '')
    await renew(folder)
    program.signal('SIGHUP')
    await program.line(line => line.includes('SIGHUP') && line.includes('empty'), 'SIGHUP: nothing has changed. (and why)')
    await expectShown(world, program, second)
    await before.send('Hello\n')
    await before.receives('Hello\n')
  },
}

export const threeTries: Behaviour = {
  id: 'exercise-three-tries',
  title: 'at a terminal the right passphrase may come third, and a fourth is not asked',
  alone: true,
  unless: noTerminal,
  byHand: run => [run(SERVER, OWN)],
  async story(world) {
    const folder = world.papers()
    const secret = secretOf(world)
    await lock(folder, secret)
    for (const right of [true, false]) {
      const program = await asked(world, folder, right ? [] : ['--port', '0'])
      const questions = () => program.output.bytes.toString('utf8').split(/passphrase of/i).length - 1
      for (const count of [2, 3]) {
        program.type(`sleepless${ENTER}`)
        await program.line(line => line.trim() === 'Try again', 'Try again')
        if (!await until(() => questions() >= count, DEADLINES.line)) {
          throw new Failure('other', `question ${count} does not come`, { program, certain: false })
        }
      }
      program.type(`${right ? secret : 'sleepless'}${ENTER}`)
      if (right) {
        await program.line(line => line.startsWith('Listening on '), `Listening on 127.0.0.1:${PORT}`)
        await served(world, {})
        continue
      }
      await program.ended()
      expectExitCode(program, 1)
      if (questions() !== 3) throw new Failure('other', `your program has asked ${questions()} times, and should ask three times`, { program })
      if (!await until(() => program.terminal?.restored === true)) {
        throw new Failure('other', 'the terminal is not as it was before', { program, certain: false })
      }
    }
    const program = await asked(world, folder, ['--port', '0'])
    program.type(`sleepless${ENTER}`)
    await program.line(line => line.trim() === 'Try again', 'Try again')
    program.type(CTRL_C)
    await program.ended().catch(() => { throw new Failure('runs-on', 'Ctrl-C at the second question, and your program asks on', { program }) })
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'a-new-passphrase-too',
    behaviours: [newPassphrase],
    solution: [
      change('tls-server.ts', 'function reload(sock: Server, config: TlsConfig): void {', 'async function reload(sock: Server, config: TlsConfig): Promise<void> {'),
      change('tls-server.ts', '    sock.setSecureContext(buildServerTlsOptions(config))', `    const fresh = config.passphraseFile ? await unlock(config) : config
    sock.setSecureContext(buildServerTlsOptions(fresh))`),
    ],
  },
  {
    id: 'three-tries',
    behaviours: [threeTries],
    solution: [
      change('passphrase.ts', '{ isLocked, read, refusePaper }', '{ isLocked, read, readPapers, refusePaper }'),
      change('passphrase.ts', 'await ask(keyFile)', 'await askUntilItFits(config)'),
      change('passphrase.ts', 'async function ask(', `async function askUntilItFits(config: TlsConfig): Promise<string> {
  const { certFile: cert = '', keyFile: key = '' } = config
  for (let left = 2; ; left--) {
    const passphrase = await ask(key)
    try {
      readPapers({ cert, key, passphrase })
      return passphrase
    } catch (error) {
      if (left === 0) throw error
      process.stderr.write('Try again\\n')
    }
  }
}

async function ask(`),
    ],
  },
]
