import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLine } from '#workbook/certs/make.ts'
import { prepareDates } from '#workbook/certs/spoiled.ts'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { expectRefused, issue, served, serveIn } from './behaviours.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 19's exercises.

const SERVER = 'server.ts'
const CLIENT = 'client.ts'
const CA = 'openssl ca -config certs/dates.cnf -cert certs/ca.crt -keyfile certs/ca.key'

export const membersOnly: Behaviour = {
  id: 'exercise-members-only',
  title: 'with --only alice --only bob these two are served, and carol is told why not',
  alone: true,
  byHand: run => [`${run(SERVER, ['--only', 'bob'])}    # Ctrl-C, and again without --only`, `${run(CLIENT)}    # refused by the first, served by the second`],
  async story(world) {
    const folder = world.papers()
    const [bob, carol] = [await issue(folder, 'bob'), await issue(folder, 'carol')]
    const program = await serveIn(world, folder, ['--only', 'alice', '--only', 'bob'])
    for (const tls of [{}, bob]) await served(world, tls)
    const peer = await world.connect(undefined, undefined, carol)
    await peer.send('Hello\n').catch(() => {})
    const said = (await peer.answer(2500)).toString()
    if (!/^[^\n]*\p{L}{2}[^\n]*\n$/u.test(said) || said.includes('Hello')) {
      throw new Failure('other', `carol should get one line, and got ${said === '' ? 'nothing' : JSON.stringify(said)}`, { program, peer })
    }
    await program.kill()
    await serveIn(world, folder)
    await served(world, carol)
  },
}

export const takeItBack: Behaviour = {
  id: 'exercise-take-it-back',
  title: 'with --crl a certificate that was taken back is refused: CERT_REVOKED',
  alone: true,
  byHand: run => [run(SERVER, ['--crl', 'certs/ca.crl']), run(CLIENT)],
  async story(world) {
    const folder = world.papers()
    const bob = await issue(folder, 'bob')
    prepareDates(folder)
    await runLine(`${CA} -revoke certs/bob.crt`, folder)
    await runLine(`${CA} -gencrl -crldays 30 -out certs/ca.crl`, folder)
    const program = await serveIn(world, folder, ['--crl', 'certs/ca.crl'])
    const alice = { cert: readFileSync(join(folder, 'certs/client.crt')), key: readFileSync(join(folder, 'certs/client.key')) }
    await served(world, alice)
    await expectRefused(world, program, bob, 'a certificate that was taken back')
    await program.line(line => line.startsWith('No handshake') && line.includes('CERT_REVOKED'), 'No handshake with 127.0.0.1:49743: CERT_REVOKED')
    await served(world, alice)
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'members-only',
    behaviours: [membersOnly],
    solution: [
      change('options.ts', '  help: {', '  only: { type: \'string\', multiple: true },\n  help: {'),
      change('options.ts', 'words: positionals', 'only: values.only,\n      words: positionals'),
      change('server.ts', 'turnedAway } = options', 'turnedAway, only } = options'),
      change('server.ts', '    if (turnedAway.includes(name))', `    const isStranger = only?.includes(name) === false
    if (isStranger || turnedAway.includes(name))`),
    ],
  },
  {
    id: 'take-it-back',
    behaviours: [takeItBack],
    solution: [
      change('options.ts', '  help: {', '  crl: { type: \'string\' },\n  help: {'),
      change('options.ts', 'allowUnauthenticatedClients: anybody,', 'allowUnauthenticatedClients: anybody,\n      crlFile: values.crl,'),
      change('papers.ts', 'function list(', `export function readCrl(file: string): Buffer {
  return read(file, pem => pem)[0]
}

function list(`),
      change('tls-options.ts', '{ readCa, readPapers }', '{ readCa, readCrl, readPapers }'),
      change('tls-options.ts', '  caPath?: string', '  caPath?: string\n  crlFile?: string'),
      change('tls-options.ts', '  return { ...options, ca,', `  const crl = config.crlFile && readCrl(config.crlFile)
  return { ...options, ca, crl,`),
    ],
  },
]
