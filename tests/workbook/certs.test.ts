import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { RECIPES } from '../../scripts/workbook/certs/commands.ts'
import { copyPapers, makePapers, noOpenssl } from '../../scripts/workbook/certs/make.ts'
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
