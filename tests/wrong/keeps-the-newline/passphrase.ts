import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
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
  return text.toString()
}

async function ask(keyFile: string): Promise<string> {
  const { stdin: input, stderr } = process
  const advice = `${keyFile} is locked: use --passphrase-file, or PASSPHRASE`
  if (!input.isTTY) return refusePaper(advice)
  const output = new Writable({ write: (_data, _encoding, done) => done() })
  const terminal = createInterface({ input, output, terminal: true })
  terminal.on('SIGTSTP', () => {})
  stderr.write(`Passphrase of ${keyFile}: `)
  const answer = [once(terminal, 'line'), once(terminal, 'close')]
  const [line] = await Promise.race(answer)
  terminal.close()
  stderr.write('\n')
  return line ?? refusePaper(`No passphrase, no ${keyFile}`)
}
