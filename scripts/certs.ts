import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePapers } from './workbook/certs/make.ts'
import { PROJECT_ROOT } from './workbook/project.ts'
import { readOptions } from './workbook/start/options.ts'

/**
 * `npm run certs`: makes the keys and certificates that the lessons on TLS need, those that are missing,
 * with the commands of the text, each printed before it is run. `--renew` makes the certificates again;
 * a key that is there is never overwritten.
 * @returns 1 when something that was there will not do
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<number> {
  const { values } = readOptions(argv, { renew: { type: 'boolean', default: false } }, 'npm run certs, or npm run certs -- --renew')
  await makePapers(root, {
    renew: values.renew,
    onCommand: line => console.log(`$ ${line}`),
    onKept: file => console.log(`  ${file} was there, and stays`),
  })
  const fault = faultOf(root)
  if (fault !== undefined) console.error(fault)
  return fault === undefined ? 0 : 1
}

/** What is wrong with the server's papers, and what to do about it. */
function faultOf(root: string): string | undefined {
  const renew = 'To make it again: npm run certs -- --renew'
  const file = 'certs/server.crt'
  let cert
  try {
    cert = new X509Certificate(readFileSync(join(root, file)))
  } catch {
    return `${file} is no certificate. ${renew}`
  }
  if (Date.parse(cert.validTo) < Date.now()) return `${file} has expired: ${cert.validTo}. ${renew}`
  let key
  let pem = ''
  try {
    pem = readFileSync(join(root, 'certs/server.key'), 'utf8')
    key = createPrivateKey(pem)
  } catch {
    // One with a passphrase tells nothing about itself.
    if (pem.includes('ENCRYPTED')) return undefined
    return 'certs/server.key is no key. Remove it, and: npm run certs'
  }
  return cert.checkPrivateKey(key) ? undefined : `${file} belongs to another key than certs/server.key. ${renew}`
}
