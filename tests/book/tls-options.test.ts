import { constants } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildServerTlsOptions, type TlsConfig } from '../../code/19-both-sides-show-papers/tls-options.ts'
import { makePapers, noOpenssl } from '../../scripts/workbook/certs/make.ts'

const missing = noOpenssl() !== undefined
const folder = mkdtempSync(join(tmpdir(), 'port-12345-tls-'))
const [certFile, keyFile, caFile, caPath] = ['certs/server.crt', 'certs/server.key', 'certs/ca.crt', 'trusted'].map(name => join(folder, name)) as [string, string, string, string]

beforeAll(async () => {
  if (missing) return
  await makePapers(folder, { sets: ['server', 'authority'] })
  mkdirSync(caPath)
  copyFileSync(caFile, join(caPath, 'ca.crt'))
  copyFileSync(certFile, join(caPath, 'other.crt'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const own = { certFile, keyFile }

test.skipIf(missing)('whoever is asked for papers has to show some that one of these has signed', () => {
  for (const [config, count] of [[{ ...own, caFile }, 1], [{ ...own, caPath }, 2]] as const) {
    const { ca, ...options } = buildServerTlsOptions(config)
    expect(options).toMatchObject({ requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
    expect(options.secureOptions).toBe(constants.SSL_OP_NO_COMPRESSION)
    expect(ca).toHaveLength(count)
  }
})

test.skipIf(missing)('everybody may come in only where that is said', () => {
  const options = buildServerTlsOptions({ ...own, allowUnauthenticatedClients: true })
  expect(options).toMatchObject({ minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_COMPRESSION })
  expect(options).not.toHaveProperty('requestCert')
})

test.each<[TlsConfig, RegExp]>([
  [{ keyFile, caFile }, /^certFile is missing$/],
  [{ certFile: '', keyFile, caFile }, /^certFile is missing$/],
  [{ certFile, caFile }, /^keyFile is missing$/],
  [own, /^one is missing of caFile, caPath, allowUnauthenticatedClients$/],
  [{ ...own, caFile, caPath }, /^caFile and caPath contradict each other$/],
  [{ ...own, caFile, allowUnauthenticatedClients: true }, /^caFile and allowUnauthenticatedClients contradict/],
  [{ ...own, caPath, allowUnauthenticatedClients: true }, /^caPath and allowUnauthenticatedClients contradict/],
  [{ ...own, allowUnauthenticatedClients: false }, /^allowUnauthenticatedClients may only be true$/],
  [{ ...own, caFile, allowUnauthenticatedClients: false }, /^allowUnauthenticatedClients may only be true$/],
  [{ ...own, caFile: '' }, /^caFile and caPath may not be empty$/],
  [{ ...own, caPath: '' }, /^caFile and caPath may not be empty$/],
  [{ ...own, caPath: join(folder, 'nowhere') }, /^Cannot use .*nowhere: no \.crt in it$/],
])('what is missing or contradicts itself is named: %o', (config, words) => {
  if (missing && words.source.includes('Cannot')) return
  expect(() => buildServerTlsOptions(config)).toThrow(words)
})
