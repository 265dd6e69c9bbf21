import { constants } from 'node:crypto'
import type { TlsOptions } from 'node:tls'
import { refuse } from './address.ts'
import { readCa, readPapers } from './papers.ts'

export interface TlsConfig {
  certFile?: string
  keyFile?: string
  passphraseFile?: string
  passphrase?: string
  caFile?: string
  caPath?: string
  allowUnauthenticatedClients?: boolean
}

const TRUST = ['caFile', 'caPath', 'allowUnauthenticatedClients'] as const
const NO_NAME = 'caFile and caPath may not be empty'
const ONLY_TRUE = 'allowUnauthenticatedClients may only be true'

export function checkTlsConfig(config: TlsConfig): void {
  const given = TRUST.filter(key => config[key] !== undefined)
  if (!config.certFile) refuse('certFile is missing')
  if (!config.keyFile) refuse('keyFile is missing')
  if (config.caFile === '' || config.caPath === '') refuse(NO_NAME)
  if (config.allowUnauthenticatedClients === false) refuse(ONLY_TRUE)
  if (given.length === 0) refuse(`one is missing of ${TRUST.join(', ')}`)
  if (given.length > 1) refuse(`${given.join(' and ')} contradict each other`)
}

export function buildServerTlsOptions(config: TlsConfig): TlsOptions {
  checkTlsConfig(config)
  const { certFile: cert = '', keyFile: key = '', caFile, caPath } = config
  const { passphrase } = config
  const options: TlsOptions = {
    ...readPapers({ cert, key, passphrase }),
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_COMPRESSION,
  }
  if (config.allowUnauthenticatedClients) return options
  const ca = readCa(caFile, caPath)
  return { ...options, ca, requestCert: true, rejectUnauthorized: true }
}
