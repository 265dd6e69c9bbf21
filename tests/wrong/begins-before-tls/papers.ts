import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

export function readPapers(files: { cert: string, key: string }) {
  const [cert, certificate] = read(files.cert, pem => new X509Certificate(pem))
  const [key, privateKey] = read(files.key, pem => createPrivateKey(pem))
  if (certificate.checkPrivateKey(privateKey)) return { cert, key }
  return refusePaper(`${files.key} is not the key of ${files.cert}`)
}

export function readCa(file: string): Buffer {
  return read(file, pem => new X509Certificate(pem))[0]
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
