import { spawn, type SpawnOptionsWithoutStdio } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePapers, noOpenssl } from '#workbook/certs/make.ts'
import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import { DEADLINES, PORT } from '#workbook/check/setting.ts'
import { refuses } from '../12-the-command-line/behaviours.ts'

const SERVER = 'server.ts'
const PLACE = `127.0.0.1:${PORT}`
const TALK = ['s_client', '-quiet', '-no_ign_eof', '-connect', PLACE]
const OLD = ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0']

export const sClient: Behaviour = {
  id: 's-client',
  title: 'openssl s_client talks to it in TLS 1.3 and 1.2, and cannot in 1.1',
  unless: noOpenssl,
  byHand: run => [run(), ...[['-tls1_3'], ['-tls1_2'], OLD].map(words => `openssl ${[...TALK.slice(0, 3), ...words].join(' ')} \\\n  -connect ${PLACE}`)],
  async story({ serve, facts }) {
    const program = await serve()
    const own = ['cert', 'key'].flatMap(word => [`-${word}`, join(program.cwd, `certs/client.${word === 'key' ? 'key' : 'crt'}`)])
    const talk = facts.clientShowsPapers ? [...TALK, ...own] : TALK
    const trust = ['-CAfile', join(program.cwd, 'certs/server.crt'), '-verify_return_error', '-verify_hostname', 'localhost']
    for (const version of ['-tls1_3', '-tls1_2']) {
      const { answer, errors } = await converse([...talk, version, ...trust])
      if (answer === 'Hello\n') continue
      const why = /SSL routines:[^:]*:([^:\n]+)/.exec(errors)?.[1] ?? (/verif.*error.*/.exec(errors)?.[0] || NOTHING)
      throw new Failure('other', `with openssl s_client ${version} there is no echo: ${why}`, {
        program, certain: why !== NOTHING,
      })
    }
    const { answer } = await converse([...talk, ...OLD])
    if (answer !== '') throw new Failure('other', 'with openssl s_client -tls1_1 there is an echo', { program })
  },
}

export const noPapers: Behaviour = {
  id: 'no-papers',
  title: 'papers that are missing, broken or no pair are one line, with exit code 1',
  alone: true,
  byHand: run => [`${run(SERVER, ['--key', 'no.key'])}; echo $?`],
  async story(world) {
    const folder = mkdtempSync(join(tmpdir(), 'port-'))
    try {
      await makePapers(folder, { sets: ['server'] })
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
}

/** What begins to hold in this lesson, in the order in which it is told. */
export const behaviours = [
  sClient, noPapers,
]

/** Says Hello with openssl, waits for the echo, and leaves. */
async function converse(words: readonly string[]): Promise<{ answer: string, errors: string }> {
  const options: SpawnOptionsWithoutStdio = { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } }
  const child = spawn('openssl', words, options)
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINES.silence)
  let answer = ''
  let errors = ''
  child.stdin.on('error', () => {})
  child.stdin.write('Hello\n')
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    answer += data
    if (answer.includes('\n')) child.stdin.end()
  })
  child.stderr.setEncoding('utf8').on('data', (data: string) => errors += data)
  await new Promise(resolve => child.on('close', resolve).on('error', resolve))
  clearTimeout(timer)
  return { answer, errors }
}

const NOTHING = 'nothing comes back'
