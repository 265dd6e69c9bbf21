import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePapers, noOpenssl } from '../workbook/certs/make.ts'
import { canIsolate, isolated } from '../workbook/machine/isolate.ts'
import { run, typescript } from './support/child.ts'
import { quantity, ratio } from './support/figures.ts'
import type { MeasuredLesson, Part, Row } from './support/part.ts'

const PORT = 12345
const LOAD = fileURLToPath(new URL('support/clients/tls-load.mjs', import.meta.url))

/** What is put to a server, as tls-load.mjs names it. */
interface Job {
  argv: string[]
  kind: 'full' | 'resumed' | 'bytes' | 'plain'
  version?: 'TLSv1.3' | 'TLSv1.2'
}

/** What TLS costs a server: handshakes of each kind, and bytes. */
export const tls: Part = {
  name: 'TLS',
  headings: ['takes', 'beside', 'ratio'],
  targets: {},
  async run(bench) {
    const [plain, secure] = ['TLS, its plain yardstick', 'TLS'].map(part => bench.measured(part)[0])
    if (!plain || !secure) return { rows: [] }
    const start = ({ folder: name, args }: MeasuredLesson, ...more: string[]) =>
      typescript(join(bench.root, 'code', name, 'server.ts'), ...args, ...more)
    const lack = canIsolate() ? noOpenssl() : 'it needs a network namespace of its own (Linux)'
    if (lack !== undefined) return { rows: [], notes: [`Not measured here: ${lack}.`] }

    const folder = mkdtempSync(join(bench.scratch, 'tls-'))
    await makePapers(folder, { sets: ['server'] })
    const openssl = (words: string) => execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'ignore' })
    openssl('ecparam -name prime256v1 -genkey -noout -out certs/small.key')
    openssl('req -x509 -key certs/small.key -subj /CN=localhost -out certs/small.crt')
    const server = (name: string) =>
      start(secure, '--cert', join(folder, `certs/${name}.crt`), '--key', join(folder, `certs/${name}.key`))
    const [rsa, curve] = [server('server'), server('small')]

    const beside = async (what: string, ...jobs: [Job, Job]): Promise<Row> => {
      bench.say(`TLS: ${what}`)
      const words = [PORT, bench.runs, jobs].map(word => JSON.stringify(word))
      const { stdout } = await run(isolated([process.execPath, LOAD, ...words]))
      const [ours = [], theirs = []] = JSON.parse(stdout) as number[][]
      const [measured, yardstick] = [quantity('ms', ours), quantity('ms', theirs)]
      return { what, measured, yardstick, figure: ratio(measured, yardstick) }
    }
    const full = { kind: 'full', version: 'TLSv1.3' } as const
    return {
      rows: [
        await beside('500 with RSA 2048, with P-256', { argv: rsa, ...full }, { argv: curve, ...full }),
        await beside('500 of TLS 1.3, of TLS 1.2', { argv: rsa, ...full }, { argv: rsa, kind: 'full', version: 'TLSv1.2' }),
        await beside('500 in full, resumed', { argv: rsa, ...full }, { argv: rsa, kind: 'resumed', version: 'TLSv1.3' }),
        await beside('64 MB through TLS, plain', { argv: rsa, kind: 'bytes', version: 'TLSv1.3' }, { argv: start(plain), kind: 'plain' }),
      ],
      notes: ['Handshakes in processor time of the server, with connection, one byte and goodbye: 1,000 divided by a 500th of it '
        + 'is how many it makes in a second. With RSA 2048 and TLS 1.3 unless said otherwise. Bytes in time by the clock, '
        + 'there and back, on one machine.'],
    }
  },
}
