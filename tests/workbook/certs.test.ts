import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { main } from '../../scripts/certs.ts'
import { type PaperSet, RECIPES } from '../../scripts/workbook/certs/commands.ts'
import { makeDated } from '../../scripts/workbook/certs/dated.ts'
import { copyPapers, makePapers, noOpenssl, runLines } from '../../scripts/workbook/certs/make.ts'
import { readExperiments } from '../../scripts/workbook/experiment/read.ts'
import { ROOT } from '../support/command.ts'
import { notProved } from '../support/not-proved.ts'

const missing = noOpenssl()
if (missing !== undefined) notProved(`keys and certificates: ${missing}`)

function empty(): string {
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-certs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const read = (folder: string, name: string) => readFileSync(join(folder, 'certs', name), 'utf8')
const modes = (folder: string) => Object.fromEntries(readdirSync(join(folder, 'certs')).sort()
  .map(name => [name, (statSync(join(folder, 'certs', name)).mode & 0o777).toString(8)]))

test.skipIf(missing)('a certificate for this machine, its key locked away', async () => {
  const folder = empty()
  await makePapers(folder)
  const cert = new X509Certificate(read(folder, 'server.crt'))
  expect(cert.subject).toBe('CN=localhost')
  expect(cert.checkPrivateKey(createPrivateKey(read(folder, 'server.key')))).toBe(true)
  expect([cert.checkHost('localhost'), cert.checkIP('127.0.0.1'), cert.checkIP('::1')]).toEqual(['localhost', '127.0.0.1', '::1'])
  expect(Date.parse(cert.validTo) - Date.parse(cert.validFrom)).toBe(30 * 24 * 3600 * 1000)
  expect(modes(folder)['server.key']).toBe('600')
})

test.skipIf(missing)('a shell that is given the same lines makes the same', async () => {
  const [ours, shells] = [empty(), empty()]
  await makePapers(ours)
  execFileSync('sh', ['-ec', RECIPES.flatMap(({ lines }) => lines).join('\n')], { cwd: shells, stdio: 'ignore' })
  expect(modes(shells)).toEqual(modes(ours))
  expect(read(shells, 'server.ext')).toBe(read(ours, 'server.ext'))
})

test.skipIf(missing)('what is there stays, and what was made of something new does not', async () => {
  const folder = empty()
  const lines: string[] = []
  const kept: string[] = []
  const make = async (renew = false) => {
    lines.length = kept.length = 0
    await makePapers(folder, { renew, onCommand: line => lines.push(line), onKept: file => kept.push(file) })
  }
  await make()
  expect(lines).toEqual(RECIPES.flatMap(recipe => recipe.lines))
  const key = read(folder, 'server.key')
  const before = read(folder, 'server.crt')
  await make()
  expect(lines).toEqual([])
  expect(kept).toEqual(RECIPES.map(({ makes }) => makes))
  await make(true)
  expect(read(folder, 'server.key')).toBe(key)
  expect(read(folder, 'server.crt')).not.toBe(before)
  rmSync(join(folder, 'certs/server.key'))
  await make()
  const cert = new X509Certificate(read(folder, 'server.crt'))
  expect(cert.checkPrivateKey(createPrivateKey(read(folder, 'server.key')))).toBe(true)
  expect(createPublicKey(read(folder, 'server.key')).equals(createPublicKey(key))).toBe(false)
})

test.skipIf(missing)('openssl\'s own words say what it could not do', async () => {
  const folder = empty()
  await makePapers(folder)
  writeFileSync(join(folder, 'certs/server.key'), 'no key\n')
  await expect(makePapers(folder, { renew: true })).rejects.toThrow(/^openssl req -new .*: .*certs\/server\.key/)
})

test.skipIf(missing)('a copy keeps the modes, and a folder that has its own keeps them', async () => {
  const [from, to] = [empty(), empty()]
  await makePapers(from)
  copyPapers(from, to)
  expect(modes(to)).toEqual(modes(from))
  writeFileSync(join(to, 'certs/server.crt'), 'mine\n')
  copyPapers(from, to)
  expect(read(to, 'server.crt')).toBe('mine\n')
})

const TEXTS: [set: PaperSet, file: string][] = [
  ['server', 'lessons/16-a-key-and-a-certificate.md'], ['authority', 'lessons/19-both-sides-show-papers.md'],
  ['locked', 'lessons/20-a-locked-key.md'],
]

test.each(TEXTS)('the text on the papers of the %s set shows every command as it is run', (set, file) => {
  const shown = readExperiments(ROOT, file).flatMap(({ steps }) => steps)
    .filter(({ kind }) => kind === 'start').map(({ text }) => text)
  const lines = RECIPES.filter(recipe => recipe.set === set).flatMap(recipe => recipe.lines)
  expect(lines.filter(line => !shown.includes(line))).toEqual([])
  // In the order in which they are typed.
  const last = lines.map(line => shown.lastIndexOf(line))
  expect(last).toEqual(last.toSorted((a, b) => a - b))
})

test.skipIf(missing)('npm run certs says what will not do any more, and how to renew it', async () => {
  const root = empty()
  const run = async (...words: string[]) => {
    const said: string[] = []
    const spies = (['log', 'error'] as const).map(name => vi.spyOn(console, name).mockImplementation(line => void said.push(line)))
    const code = await main(words, { root }).finally(() => spies.forEach(spy => spy.mockRestore()))
    return { code, last: said.at(-1) }
  }
  expect(await run()).toMatchObject({ code: 0 })
  const again = 'To make it again: npm run certs -- --renew'
  const [notBefore, notAfter] = [new Date('2020-01-01T00:00:00Z'), new Date('2020-02-01T00:00:00Z')]
  await makeDated(root, {
    request: 'certs/server.csr', key: 'certs/server.key', extensions: 'certs/server.ext', notBefore, notAfter, makes: 'certs/server.crt',
  })
  expect(new X509Certificate(read(root, 'server.crt')).validFrom).toBe('Jan  1 00:00:00 2020 GMT')
  expect(await run()).toEqual({ code: 1, last: `certs/server.crt has expired: Feb  1 00:00:00 2020 GMT. ${again}` })
  expect(await run('--renew')).toMatchObject({ code: 0 })
  await runLines(['openssl pkey -in certs/server.key -aes256 -passout pass:seven -out certs/other.key'], root)
  renameSync(join(root, 'certs/other.key'), join(root, 'certs/server.key'))
  expect(await run()).toMatchObject({ code: 0 })
  await runLines(['openssl ecparam -name prime256v1 -genkey -noout -out certs/server.key'], root)
  expect(await run()).toEqual({ code: 1, last: `certs/server.crt belongs to another key than certs/server.key. ${again}` })
  writeFileSync(join(root, 'certs/server.crt'), '')
  expect(await run()).toEqual({ code: 1, last: `certs/server.crt is no certificate. ${again}` })
})

test.skipIf(missing)('a locked key is not asked about, it is named', async () => {
  const folder = empty()
  await makePapers(folder)
  renameSync(join(folder, 'certs/locked.key'), join(folder, 'certs/server.key'))
  const remedy = 'Put a key without a lock there, or remove certs/server.key: then a new one is made.'
  const message = 'certs/server.key is locked with a passphrase, and other papers are made with it'
  await expect(makePapers(folder)).rejects.toMatchObject({ message, remedy })
  for (const name of ['server.csr', 'server.crt']) {
    rmSync(join(folder, 'certs', name))
    await expect(makePapers(folder)).rejects.toMatchObject({ message, remedy })
  }
})
