import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePapers, noOpenssl } from '../../../scripts/workbook/certs/make.ts'
import { installCommand, onPath } from '../../../scripts/workbook/machine/tools.ts'
import type { Behaviour } from '../../../scripts/workbook/check/behaviour.ts'
import { Failure } from '../../../scripts/workbook/check/explain/failure.ts'
import { clientHasPapers, DEADLINES, PORT } from '../../../scripts/workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

const SERVER = 'server.ts'
const PLACE = `127.0.0.1:${PORT}`
const TALK = ['s_client', '-quiet', '-no_ign_eof', '-connect', PLACE]
const OLD = ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0']

/** Lesson 17, seen with tools that others have made. */
export const tlsTools: readonly Behaviour[] = [
  {
    id: 's-client',
    title: 'openssl s_client talks to it in TLS 1.3 and 1.2, and cannot in 1.1',
    from: 17,
    unless: noOpenssl,
    byHand: run => [run(), ...[['-tls1_3'], ['-tls1_2'], OLD].map(words => `openssl ${[...TALK.slice(0, 3), ...words].join(' ')} \\\n  -connect ${PLACE}`)],
    async story({ serve, lesson }) {
      const program = await serve()
      const own = ['cert', 'key'].flatMap(word => [`-${word}`, join(program.cwd, `certs/client.${word === 'key' ? 'key' : 'crt'}`)])
      const talk = clientHasPapers(lesson) ? [...TALK, ...own] : TALK
      const trust = ['-CAfile', join(program.cwd, 'certs/server.crt'), '-verify_return_error', '-verify_hostname', 'localhost']
      for (const version of ['-tls1_3', '-tls1_2']) {
        const { answer, errors } = await converse([...talk, version, ...trust])
        if (answer === 'Hello\n') continue
        const why = /SSL routines:[^:]*:([^:\n]+)/.exec(errors)?.[1] ?? (/verif.*error.*/.exec(errors)?.[0] || 'nothing comes back')
        throw new Failure('other', `with openssl s_client ${version} there is no echo: ${why}`, { program })
      }
      const { answer } = await converse([...talk, ...OLD])
      if (answer !== '') throw new Failure('other', 'with openssl s_client -tls1_1 there is an echo', { program })
    },
  },
  {
    id: 'sslscan',
    title: 'sslscan finds no protocol below TLS 1.2 and no weak cipher',
    from: 17,
    alone: true,
    unless: () => onPath('sslscan') === undefined ? missing() : undefined,
    byHand: run => [run(), `sslscan ${PLACE}`],
    async story({ serve }) {
      const program = await serve()
      const { out } = await run('sslscan', ['--no-colour', '--xml=-', PLACE], DEADLINES.story)
      const found = tagsOf(out)
      const ciphers = found.filter(({ name }) => name === 'cipher')
      if (ciphers.length === 0) throw new Failure('other', 'with sslscan no cipher is found that your server would use', { program })
      const old = found.find(({ name, type, version, enabled }) =>
        name === 'protocol' && enabled === '1' && !(type === 'tls' && NEW.has(version)))
      if (old) throw new Failure('other', `according to sslscan your server speaks ${old.type} ${old.version}`, { program })
      const weak = ciphers.find(({ cipher, bits, strength }) =>
        Number(bits) < 112 || strength === 'weak' || strength === 'null' || strength === 'anonymous' || WEAK_RE.test(cipher ?? ''))
      if (weak) throw new Failure('other', `according to sslscan your server would use ${weak.cipher} (${weak.bits} bits)`, { program })
      const risk = found.find(({ name, supported, vulnerable }) =>
        (name === 'compression' && supported === '1') || (name === 'heartbleed' && vulnerable === '1'))
      if (risk) throw new Failure('other', `according to sslscan there is a danger in ${risk.name}`, { program })
    },
  },
  {
    id: 'no-papers',
    title: 'papers that are missing, broken or no pair are one line, with exit code 1',
    from: 17,
    alone: true,
    byHand: run => [`${run(SERVER, ['--key', 'no.key'])}; echo $?`],
    async story(world) {
      const folder = mkdtempSync(join(tmpdir(), 'port-'))
      try {
        await makePapers(folder, { lesson: 17 })
        const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content)
        const privateKey = { type: 'pkcs8', format: 'pem' } as const
        const publicKey = { type: 'spki', format: 'pem' } as const
        write('empty.pem', '')
        write('poem.pem', 'Roses are red\n')
        write('other.key', generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: privateKey, publicKeyEncoding: publicKey }).privateKey)
        write('curve.key', generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: privateKey, publicKeyEncoding: publicKey }).privateKey)
        const bad = [
          ['--cert', 'no.crt'], ['--key', 'no.key'], ['--cert', 'certs'], ['--key', 'certs'],
          ['--cert', 'empty.pem'], ['--key', 'empty.pem'], ['--cert', 'poem.pem'], ['--key', 'poem.pem'],
          ['--cert', 'certs/server.key'], ['--key', 'certs/server.crt'], ['--key', 'other.key'], ['--key', 'curve.key'],
        ] as const
        await refuses(world, ...bad.map(args => ({
          args, exitCode: 1, words: new RegExp(args[1].replace('.', '\\.')), options: { cwd: folder },
        }) as const))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  },
]

const NEW = new Set<string | undefined>(['1.2', '1.3'])
const WEAK_RE = /RC4|DES|NULL|EXP|MD5|anon|ADH|AECDH/

function missing(): string {
  const install = installCommand(['sslscan'])
  return `sslscan is missing here${install ? `; to install it: ${install}` : ''}`
}

/** Says Hello with openssl, waits for the echo, and leaves. */
async function converse(words: readonly string[]): Promise<{ answer: string, errors: string }> {
  const { out, errors } = await run('openssl', words, DEADLINES.silence, { input: 'Hello\n', until: /\n/ })
  return { answer: out, errors }
}

/** Runs a tool to its end; with `until`, the end of its input comes when it has printed that. */
async function run(
  command: string, words: readonly string[], ms: number, { input = '', until }: { input?: string, until?: RegExp } = {},
): Promise<{ out: string, errors: string }> {
  const options: SpawnOptionsWithoutStdio = { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } }
  const child = spawn(command, words, options)
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  let out = ''
  let errors = ''
  child.stdin.on('error', () => {})
  child.stdin.write(input)
  if (!until) child.stdin.end()
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    out += data
    if (until?.test(out)) child.stdin.end()
  })
  child.stderr.setEncoding('utf8').on('data', (data: string) => errors += data)
  await new Promise(resolve => child.on('close', resolve).on('error', resolve))
  clearTimeout(timer)
  return { out, errors }
}

/** The elements of sslscan's XML that have attributes; those of one element as a record. */
function tagsOf(xml: string): Record<string, string>[] {
  return [...xml.matchAll(/<(\w+)((?: [\w-]+="[^"]*")+)/g)].map(([, name = '', rest = '']) => ({
    ...Object.fromEntries([...rest.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
    name,
  }))
}
