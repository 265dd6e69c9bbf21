import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { refuse } from './address.ts'

function describe(cert: X509Certificate): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails } = cert.publicKey
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {}
  console.log(`subject      ${cert.subject.replaceAll('\n', ', ')}`)
  console.log(`issuer       ${cert.issuer.replaceAll('\n', ', ')}`)
  console.log(`names        ${cert.subjectAltName ?? 'none'}`)
  console.log(`not before   ${cert.validFrom}`)
  console.log(`not after    ${cert.validTo}`)
  console.log(`key          ${type} ${modulusLength ?? namedCurve ?? ''}`)
  console.log(`fingerprint  ${cert.fingerprint256}`)
}

function warn(message: string): void {
  console.error(`Warning: ${message}`)
  process.exitCode = 1
}

function judge(cert: X509Certificate, keyFile: string): void {
  const now = Date.now()
  if (now < Date.parse(cert.validFrom)) warn('it is not valid yet')
  if (now > Date.parse(cert.validTo)) warn('it has expired')
  if (!cert.subjectAltName) warn('it has no subjectAltName')
  if (!keyFile || process.platform === 'win32') return
  const open = statSync(keyFile).mode & 0o077
  if (open) warn(`${keyFile} is open to others: chmod 600 ${keyFile}`)
}

function readCertificate(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file))
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = code.startsWith('ERR_') ? 'it is no certificate' : code
    const message = `Cannot use ${file}: ${reason}`
    throw Object.assign(error as Error, { message })
  }
}

try {
  const options = { key: { type: 'string' } } as const
  const config = { options, allowPositionals: true }
  const { values, positionals } = parseArgs(config)
  const [file, more] = positionals
  if (!file || more) refuse('inspect takes one certificate')
  const beside = file.replace(/(\.\w+)?$/, '.key')
  const cert = readCertificate(file)
  describe(cert)
  judge(cert, values.key ?? (existsSync(beside) ? beside : ''))
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  if (!code) throw error
  console.error(message.split('\n')[0])
  process.exitCode = code.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
