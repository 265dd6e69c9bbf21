import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLines } from './make.ts'

/** What to sign, with which key, and for which time. Files are seen from the folder that holds certs/. */
export interface Dated {
  request: string
  key: string
  /** Its subjectAltName and the like. */
  extensions: string
  notBefore: Date
  notAfter: Date
  makes: string
}

/**
 * Makes a self-signed certificate for any time, past or to come. `openssl x509` begins at the present one,
 * before OpenSSL 3.4; `openssl ca` can do it everywhere, and wants to keep books.
 */
export async function makeDated(folder: string, dated: Dated): Promise<void> {
  const { request, key, extensions, notBefore, notAfter, makes } = dated
  const books = mkdtempSync(join(folder, 'books-'))
  const at = (name: string) => join(books, name)
  try {
    writeFileSync(at('index.txt'), '')
    writeFileSync(at('serial'), '01\n')
    writeFileSync(at('ca.cnf'), `[ca]
default_ca = all
[all]
database = ${at('index.txt')}
serial = ${at('serial')}
new_certs_dir = ${books}
default_md = sha256
policy = policy
[policy]
commonName = supplied
`)
    await runLines([[
      `openssl ca -batch -notext -selfsign -config ${at('ca.cnf')} -in ${request} -keyfile ${key} -extfile ${extensions}`,
      `-startdate ${stamp(notBefore)} -enddate ${stamp(notAfter)} -out ${makes}`,
    ].join(' ')], folder)
  } finally {
    rmSync(books, { recursive: true, force: true })
  }
}

/** `20261121150353Z` */
function stamp(date: Date): string {
  return `${date.toISOString().replace(/\.\d+Z$/, '').replace(/[-:T]/g, '')}Z`
}
