import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runLine } from './make.ts'

/** A certificate that a client must refuse, made on purpose, with the commands of lesson 18. */
export type Spoiled = 'mallory' | 'other' | 'expired' | 'early' | 'leaf'

/** A configuration for `openssl ca`, the one command of every version that takes both dates. */
export const DATES = [
  '[ca]', 'default_ca=dates', '[dates]', 'database=certs/dates.txt', 'serial=certs/dates.srl', 'unique_subject=no',
  'new_certs_dir=certs', 'private_key=certs/server.key', 'default_md=sha256', 'policy=any', '[any]', 'commonName=supplied', '',
].join('\n')

const CA = 'openssl ca -config certs/dates.cnf -selfsign -batch -in certs/server.csr'

/** How each is made, in a folder that holds certs/ with the server's papers. */
export const SPOILING: Readonly<Record<Spoiled, readonly string[]>> = {
  mallory: [
    'openssl req -new -newkey rsa:2048 -nodes -subj /CN=localhost -keyout certs/mallory.key -out certs/mallory.csr',
    'openssl x509 -req -days 30 -in certs/mallory.csr -signkey certs/mallory.key -extfile certs/server.ext -out certs/mallory.crt',
  ],
  other: [
    'echo subjectAltName=DNS:example.org > certs/other.ext',
    'openssl x509 -req -days 30 -in certs/server.csr -signkey certs/server.key -extfile certs/other.ext -out certs/other.crt',
  ],
  expired: [`${CA} -startdate 20240101000000Z -enddate 20250101000000Z -out certs/expired.crt`],
  early: [`${CA} -startdate 20900101000000Z -enddate 20910101000000Z -out certs/early.crt`],
  leaf: [
    'openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Somebody -keyout certs/somebody.key -out certs/somebody.crt',
    'openssl x509 -req -days 30 -in certs/server.csr -CA certs/somebody.crt -CAkey certs/somebody.key -CAcreateserial -extfile certs/server.ext -out certs/leaf.crt',
  ],
}

/**
 * Makes one.
 * @param folder the one that holds certs/
 * @returns the files, seen from there
 */
export async function spoil(folder: string, kind: Spoiled): Promise<{ cert: string, key: string }> {
  if (kind === 'expired' || kind === 'early') prepareDates(folder)
  for (const line of SPOILING[kind]) await runLine(line, folder)
  return { cert: `certs/${kind}.crt`, key: kind === 'mallory' ? 'certs/mallory.key' : 'certs/server.key' }
}

/** Writes what `openssl ca` needs into certs/. */
export function prepareDates(folder: string): void {
  const files = { 'dates.cnf': DATES, 'dates.txt': '', 'dates.srl': '01\n' }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'certs', name), text)
}
