import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCK = 'ENCRYPTED'

interface Files {
  cert: string
  key: string
  passphrase?: string | undefined
}

export function readPapers({ passphrase, ...files }: Files) {
  const [cert, certificate] = read(files.cert, pem => new X509Certificate(pem))
  const [key, privateKey] = read(files.key, pem => openKey(pem, passphrase))
  if (certificate.checkPrivateKey(privateKey)) return { cert, key, passphrase }
  return refusePaper(`${files.key} is not the key of ${files.cert}`)
}

export function readCa(file?: string, folder = ''): Buffer[] {
  const files = file ? [file] : list(folder)
  if (files.length === 0) refusePaper(`Cannot use ${folder}: no .crt in it`)
  return files.map(name => read(name, pem => new X509Certificate(pem))[0])
}

export function isLocked(file: string): boolean {
  return read(file, pem => pem.includes(LOCK))[1]
}

function openKey(key: Buffer, passphrase?: string): KeyObject {
  try {
    return createPrivateKey({ key, passphrase })
  } catch (error) {
    if (!key.includes(LOCK)) throw error
    const isWrong = passphrase !== undefined
    throw new Error(isWrong ? 'this passphrase does not open it' : 'locked')
  }
}

function list(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter(name => name.endsWith('.crt'))
    return names.map(name => join(folder, name))
  } catch {
    return []
  }
}

export function read<T>(file: string, parse: (pem: Buffer) => T): [Buffer, T] {
  try {
    const pem = readFileSync(file)
    return [pem, parse(pem)]
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const isMissing = code === 'ENOENT'
    const reason = isMissing ? 'it is not there (npm run certs)' : message
    return refusePaper(`Cannot use ${file}: ${reason}`)
  }
}

export function refusePaper(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_PAPERS' })
}
