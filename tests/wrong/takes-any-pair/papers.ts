import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

export function readPapers(files: { cert: string, key: string }) {
  const [cert] = read(files.cert, pem => new X509Certificate(pem))
  const [key] = read(files.key, pem => createPrivateKey(pem))
  try {
    createSecureContext({ cert, key })
    return { cert, key }
  } catch {
    return refusePaper(`${files.key} is not the key of ${files.cert}`)
  }
}

function read<T>(file: string, parse: (pem: Buffer) => T): [Buffer, T] {
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

function refusePaper(message: string): never {
  throw Object.assign(new Error(message), { code: 'ERR_PAPERS' })
}
