import { once } from 'node:events'
import { statSync } from 'node:fs'
import { isLocked, read, refusePaper } from './papers.ts'
import type { TlsConfig } from './tls-options.ts'

export async function unlock(config: TlsConfig): Promise<TlsConfig> {
  const { keyFile = '', passphraseFile } = config
  if (!isLocked(keyFile)) return config
  const passphrase = passphraseFile === undefined
    ? process.env.PASSPHRASE ?? await ask(keyFile)
    : readPassphrase(passphraseFile)
  if (passphrase === '') refusePaper(`The passphrase of ${keyFile} is empty`)
  return { ...config, passphrase }
}

function readPassphrase(file: string): string {
  const [text, mode] = read(file, () => statSync(file).mode & 0o077)
  const isOpen = mode !== 0 && process.platform !== 'win32'
  if (isOpen) refusePaper(`${file} is open to others: chmod 600 ${file}`)
  return text.toString().replace(/\r?\n$/, '')
}

async function ask(keyFile: string): Promise<string> {
  const { stdin: input, stderr } = process
  const advice = `${keyFile} is locked: use --passphrase-file, or PASSPHRASE`
  if (!input.isTTY) return refusePaper(advice)
  input.setRawMode(true)
  stderr.write(`Passphrase of ${keyFile}: `)
  let line = ''
  while (!/[\r\x03\x04]/.test(line)) line += (await once(input, 'data'))[0]
  stderr.write('\n')
  if (!line.endsWith('\r')) refusePaper(`No passphrase, no ${keyFile}`)
  return line.slice(0, -1)
}
