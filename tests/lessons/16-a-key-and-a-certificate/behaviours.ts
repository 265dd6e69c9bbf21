import { X509Certificate } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour, RunLine, World } from '#workbook/check/behaviour.ts'
import { makeDated } from '#workbook/certs/dated.ts'
import { makePapers, noOpenssl, runLines } from '#workbook/certs/make.ts'
import { expectExitCode } from '#workbook/check/client/expect.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Program } from '#workbook/check/program/program.ts'
import { DEADLINES } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

export const INSPECT = 'inspect.ts'
const CERT = 'certs/server.crt'
const KEY = 'certs/server.key'
export const DAY = 24 * 3600 * 1000

/**
 * A folder with the papers of the lesson, for one story to change as it likes. The key is one on P-256, unless
 * said otherwise: an RSA key takes as long as a whole story.
 */
export async function withPapers(story: (folder: string) => Promise<void>, { rsa = false } = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'port-papers-'))
  try {
    const keys = ['mkdir certs', `openssl ecparam -name prime256v1 -genkey -noout -out ${KEY}`, `chmod 600 ${KEY}`]
    if (!rsa) await runLines(keys, folder)
    await makePapers(folder, { sets: ['server'] })
    await story(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Signs the request again, for another time. */
export async function dated(folder: string, notBefore: number, notAfter: number): Promise<void> {
  await makeDated(folder, {
    request: 'certs/server.csr', key: KEY, extensions: 'certs/server.ext', makes: CERT,
    notBefore: new Date(Date.now() + notBefore), notAfter: new Date(Date.now() + notAfter),
  })
}

export async function inspects({ start }: World, cwd: string, args: readonly string[] = [CERT]): Promise<Program> {
  const program = start(INSPECT, args, { cwd })
  await program.ended(DEADLINES.start)
  return program
}

/** Expects all that stands in the certificate, whatever stands round it. */
function expectAll(program: Program, folder: string, key: RegExp): void {
  const cert = new X509Certificate(readFileSync(join(folder, CERT)))
  const text = program.output.bytes.toString()
  const has = (what: string, ...words: (string | RegExp)[]) => {
    const missing = words.find(word => typeof word === 'string' ? !text.includes(word) : !word.test(text))
    if (missing === undefined) return
    throw new Failure('output', `your program should print ${what}, with ${missing instanceof RegExp ? naming(missing) : missing} in it, and does not`, { program })
  }
  has('the subject', cert.subject)
  has('every name', ...(cert.subjectAltName ?? '').split(', '))
  has('both dates', cert.validFrom, cert.validTo)
  has('which key it is', key)
  has('the fingerprint (SHA-256)', cert.fingerprint256)
}

function naming(words: RegExp): string {
  return words.source.replaceAll('.*', ' ').replace(/\\b|\|.*/g, '')
}

/** Expects a warning with these words, and exit code 1: a script has to notice. */
export function expectWarning(program: Program, words: RegExp, what: string): void {
  const lines = program.errors.split('\n').filter(line => line !== '')
  if (!lines.some(line => words.test(line))) {
    throw new Failure('no-warning', `your program should warn that ${what}, on standard error, and ${lines.length === 0 ? 'warns of nothing' : 'does not'}`, { program })
  }
  expectExitCode(program, 1)
}

export function expectNoWarning(program: Program, why: string): void {
  if (program.errors === '' && program.exitCode === 0) return
  throw new Failure('output', `${why}, and your program ${program.errors === '' ? `ends with exit code ${program.exitCode}` : 'complains'}`, { program })
}

const all = { from: 16, unless: noOpenssl } as const

const byHand = (run: RunLine, before: string, cert = CERT) => [`${before}\n${run(INSPECT, [cert])}; echo $?`]
// Beside their own, which the reader will need.
const BAD = 'certs/bad.crt'
const SIGN = `openssl x509 -req -in certs/server.csr -signkey ${KEY} \\\n    `

export const tellsWhatItSays: Behaviour = {
  ...all,
  id: 'tells-what-it-says',
  title: 'inspect prints subject, names, dates, key, fingerprint, and warns of nothing',
  byHand: run => byHand(run, 'npm run certs -- --renew'),
  story: world => withPapers(async folder => {
    const program = await inspects(world, folder)
    expectAll(program, folder, /\bec\b.*(?:prime256v1|P-256)/i)
    expectNoWarning(program, 'nothing is wrong with this certificate')
  }),
}

export const tellsRsa: Behaviour = {
  ...all,
  id: 'tells-rsa',
  title: 'it prints how many bits an RSA key has',
  byHand: run => byHand(run, 'npm run certs -- --renew'),
  story: world => withPapers(async folder => {
    expectAll(await inspects(world, folder), folder, /\brsa\b.*2048/i)
  }, { rsa: true }),
}

export const warnsOfNoNames: Behaviour = {
  ...all,
  id: 'warns-of-no-names',
  title: 'it warns of a certificate without a subjectAltName, with exit code 1',
  byHand: run => byHand(run, `${SIGN}-out ${BAD}`, BAD),
  story: world => withPapers(async folder => {
    await runLines([`openssl x509 -req -days 30 -in certs/server.csr -signkey ${KEY} -out ${CERT}`], folder)
    expectWarning(await inspects(world, folder), /subjectAltName|\bSAN\b/i, 'there is no subjectAltName')
  }),
}

export const warnsOfTheDate: Behaviour = {
  ...all,
  id: 'warns-of-the-date',
  title: 'it warns of a certificate that has expired, and of one that is not valid yet',
  byHand: run => byHand(run, `${SIGN}-extfile certs/server.ext -days -1 -out ${BAD}`, BAD),
  story: world => withPapers(async folder => {
    // The names of months come in another order than the months.
    for (const [from, to] of [[-60, -1], [-400, -30], [-9 * 366, -2]] as const) {
      await dated(folder, from * DAY, to * DAY)
      expectWarning(await inspects(world, folder), /expired/i, 'it has expired')
    }
    await dated(folder, 2 * DAY, 90 * DAY)
    expectWarning(await inspects(world, folder), /not (?:yet )?valid|valid from|begin/i, 'it is not valid yet')
    for (const [from, to] of [[-1, 1], [-100, 250], [-3000, 3000]] as const) {
      await dated(folder, from * DAY, to * DAY)
      expectNoWarning(await inspects(world, folder), `a certificate is valid that began ${-from} days ago and has ${to} left`)
    }
  }),
}

export const warnsOfAnOpenKey: Behaviour = {
  ...all,
  id: 'warns-of-an-open-key',
  title: 'it warns when others may use the key beside it, or the one named with --key',
  platforms: ['linux', 'darwin'],
  byHand: run => byHand(run, `chmod 640 ${KEY}`).map(line => `${line}\nchmod 600 ${KEY}`),
  story: world => withPapers(async folder => {
    const other = join(folder, 'other.key')
    cpSync(join(folder, KEY), other)
    for (const mode of [0o640, 0o604]) {
      const what = `others may use the key (mode ${mode.toString(8)})`
      chmodSync(join(folder, KEY), mode)
      expectWarning(await inspects(world, folder), /\.key/, what)
      chmodSync(join(folder, KEY), 0o600)
      chmodSync(other, mode)
      expectWarning(await inspects(world, folder, ['--key', 'other.key', CERT]), /other\.key/, what)
    }
    chmodSync(other, 0o400)
    expectNoWarning(await inspects(world, folder, ['--key', 'other.key', CERT]), 'only you may use the key (mode 400)')
    rmSync(join(folder, KEY))
    expectNoWarning(await inspects(world, folder), 'no key lies beside this certificate, which is as it should be with one of somebody else')
  }),
}

export const noCertificate: Behaviour = {
  ...all,
  id: 'no-certificate',
  title: 'not a certificate: one line and exit code 1; wrong usage: one line and 2',
  byHand: run => [`${run(INSPECT, [KEY])}; echo $?`],
  story: world => withPapers(async folder => {
    writeFileSync(join(folder, 'empty.crt'), '')
    writeFileSync(join(folder, 'noise.crt'), world.random.bytes(500))
    writeFileSync(join(folder, 'cut.crt'), readFileSync(join(folder, CERT)).subarray(0, 300))
    const options = { cwd: folder }
    const bad = [KEY, 'certs/server.csr', 'empty.crt', 'noise.crt', 'cut.crt', 'nowhere.crt', 'certs']
    const wrong = [[], ['--kye', KEY, CERT], [CERT, CERT]]
    await refuses(
      world,
      ...bad.map(file => ({ file: INSPECT, args: [file], options, exitCode: 1, words: new RegExp(file) }) as const),
      ...wrong.map(args => ({ file: INSPECT, args, options, exitCode: 2 }) as const),
    )
  }),
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  tellsWhatItSays, tellsRsa, warnsOfNoNames, warnsOfTheDate, warnsOfAnOpenKey, noCertificate,
]
