import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { findLesson, listLessons } from '../../scripts/workbook/book/list.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { canCheck } from '../support/papers.ts'
import { examiners } from '../support/examiners.ts'

const { type } = examiners()
const folders: string[] = []
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true })))

type Change = readonly [from: string | RegExp, to: string | ((...found: string[]) => string)]

/** Each exercise as its page solves it: changes of the lesson's own files, each named before its changes. */
const SOLUTIONS: Record<string, readonly (string | Change)[]> = {
  'somebody-elses-address': ['server.ts',
    ['const SERVER_NAME = \'127.0.0.1\'', 'const SERVER_NAME = \'192.0.2.1\''],
    [/try \{[^]*$/, `const ADVICE: Record<string, string> = {
  EADDRINUSE: \`Port \${SERVER_PORT} is taken: stop the program that has it\`,
  EADDRNOTAVAIL: \`\${SERVER_NAME} is not an address of this machine\`,
}

try {
  await startServer()
} catch (error) {
  const advice = ADVICE[(error as NodeJS.ErrnoException).code ?? '']
  if (advice === undefined) throw error
  console.error(advice)
  process.exitCode = 1
}
`]],
  'everybodys-door': ['server.ts', ['host: SERVER_NAME, ', '']],
  'number-your-guests': ['server.ts',
    ['for await', 'let guests = 0\n  for await'],
    [/console\.log\(`Received new connection from.*/, 'guests += 1\n    console.log(`Guest ${guests}: ${remoteAddress}:${remotePort}`)']],
  'count-the-bytes': ['server.ts', [/for await \(const data of conn\) \{[^]*?\n {4}\}/, `let bytes = 0
    let chunks = 0
    for await (const data of conn) {
      bytes += data.length
      chunks += 1
    }
    console.log(\`\${bytes} bytes in \${chunks} chunks\`)`]],
  shout: ['server.ts', ['if (!conn.write(data))', `const shouted = Buffer.from(data.map((byte: number) =>
        byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte))
      if (!conn.write(shouted))`]],
  'one-letter-at-a-time': ['client.ts',
    ['import { inspect }', 'import { setTimeout } from \'node:timers/promises\'\nimport { inspect }'],
    ['conn.end(message)', `for (const byte of Buffer.from(message)) {
    conn.write(Buffer.from([byte]))
    await setTimeout(50)
  }
  conn.end()`]],
  'send-a-file': ['client.ts',
    ['import { connect', 'import { readFile, writeFile } from \'node:fs/promises\'\nimport { connect'],
    ['message: string', 'message: string | Buffer'],
    [/ {2}const answer = [^]*?console\.log.*\n/, `  const message = process.argv[2] ?? 'Hello'
  if (message.startsWith('@')) {
    const answer = await sendAndReceive(conn, await readFile(message.slice(1)))
    await writeFile('workspace/back.ts', answer)
  }
`]],
  'how-much-was-heard': ['server.ts',
    ['try {', 'let heard = 0\n    try {'],
    ['console.log(`Received: ${', 'heard += data.length\n        console.log(`Received: ${'],
    ['Lost ${peer}:', 'Lost ${peer} after ${heard} bytes:']],
  'who-is-still-here': ['server.ts',
    ['async function handleClient', 'let connected = 0\n  async function handleClient'],
    ['try {', 'connected += 1\n    console.log(`${connected} connected`)\n    try {'],
    [/(console\.log\(`Lost.*\n {4}\})/, '$1 finally {\n      connected -= 1\n      console.log(`${connected} connected`)\n    }']],
  'who-talks-most': ['server.ts',
    ['try {', 'let own = 0\n    try {'],
    [/if \(lines > 0\) .*/, 'own += lines\n        if (lines > 0) console.log(`Messages so far: ${await count(lines)}, ${own} from ${peer}`)']],
  'too-long': ['server.ts',
    ['chunks.push(data)\n', 'length += data.length\n        if (length <= 100) chunks.push(data)\n'],
    ['const chunks: Buffer[] = []', 'const chunks: Buffer[] = []\n      let length = 0'],
    ['const message = ', 'if (length > 100) {\n        conn.end(\'No stamp: 100 bytes at most\\n\')\n        return await finished(conn)\n      }\n      const message = ']],
  'one-letter-will-do': ['options.ts',
    ['port: { type: \'string\'', 'port: { type: \'string\', short: \'p\''],
    ['help: { type: \'boolean\'', 'help: { type: \'boolean\', short: \'h\'']],
  'be-quiet': ['options.ts',
    ['help: {', 'quiet: { type: \'boolean\', default: false },\n  help: {'],
    ['words: positionals', 'quiet: values.quiet,\n      words: positionals'],
    'server.ts',
    ['handleNewConnections(listenSocket)', 'handleNewConnections(listenSocket, options)'],
    [/sock: Server\): Promise<void> \{([^]*?)\n\}/, (_, body) => `sock: Server, { quiet }: Options) {
  const log = (line: string) => { if (!quiet) console.log(line) }
${body.replaceAll('console.log', 'log')}
}`]],
  'two-doors': ['options.ts',
    ['listen: { type: \'string\'', 'listen: { type: \'string\', multiple: true'],
    [/const \[own, other\] = .*/, `const listens = isClient ? to === undefined ? to : [to] : listen
    const other = isClient ? listen : to`],
    ['own !== undefined', 'listens !== undefined'],
    ['return {\n      address', `const addresses = listens?.map(parseAddress) ?? [hostAndPort(host, port)]
    return {
      address`],
    [/address: own === .*/, 'address: addresses[0] ?? refuse(\'no address\'),\n      addresses,'],
    'server.ts',
    [/ {2}try \{\n {4}await startServer[^]*$/, `  await Promise.all(options.addresses.map(async address => {
    try {
      await startServer({ ...options, address })
    } catch (error) {
      const reason = explain(error as NodeJS.ErrnoException, address)
      if (!reason) throw error
      console.error(reason)
      process.exit(1)
    }
  }))
}
`]],
  'say-goodbye': ['server.ts',
    ['conn.destroy(Object.assign(error, { code: \'IDLE\' }))', `if (conn.writableLength === 0) conn.write(\`Goodbye: \${error.message}\\n\`)
      conn.destroy(Object.assign(error, { code: 'IDLE' }))`]],
  'a-visit-has-an-end': ['options.ts',
    ['help: {', 'visit: { type: \'string\' },\n  help: {'],
    ['words: positionals', 'visit: values.visit && wholeNumber(\'visit\', values.visit, 1, 86_400),\n      words: positionals'],
    'server.ts',
    ['{ timeout, maxConnections }', '{ timeout, maxConnections, visit }'],
    ['try {', `const late = Object.assign(new Error('too long'), { code: 'LATE' })
    const clock = visit
      ? setTimeout(() => conn.destroy(late), Number(visit) * 1000)
      : undefined
    try {`],
    ['clients.delete(conn)', 'clients.delete(conn)\n      clearTimeout(clock)']],
  'tell-them': ['server.ts',
    ['sock.close()', 'sock.close()\n    for (const conn of clients) if (conn.writable) conn.write(`Stopping in ${grace} s\\n`)']],
  'less-patience-at-the-end': ['server.ts',
    ['sock.close()', 'sock.close()\n    for (const conn of clients) conn.setTimeout(1000)']],
  'does-the-key-fit': ['inspect.ts',
    ['{ X509Certificate }', '{ createPrivateKey, X509Certificate }'],
    ['const open', 'const key = createPrivateKey(readFileSync(keyFile))\n  if (!cert.checkPrivateKey(key)) warn(`${keyFile} is another\'s key`)\n  const open']],
  'before-it-is-too-late': ['inspect.ts',
    ['{ key: { type: \'string\' } }', '{ key: { type: \'string\' }, days: { type: \'string\', default: \'0\' } }'],
    ['keyFile: string)', 'keyFile: string, days: number)'],
    ['beside : \'\')', 'beside : \'\'), Number(values.days)'],
    [/  if \(now > Date.*\n/, `  const left = (Date.parse(cert.validTo) - now) / 86_400_000
  if (left < 0) warn('it has expired')
  else if (left < days) warn(\`it has \${left.toFixed(1)} days left\`)
`]],
  'how-it-was-sealed': ['server.ts',
    ['type Server }', 'type Server, type TLSSocket }'],
    ['handleClient(conn: Socket)', 'handleClient(conn: TLSSocket)'],
    ['clients.add(conn)', 'console.log(`${conn.getProtocol()}, ${conn.getCipher().standardName}`)\n    clients.add(conn)']],
  'a-crowd-at-the-door': ['server.ts',
    ['sock.on(\'connection\'', `sock.maxConnections = maxConnections + 100
  sock.on('drop', ({ remoteAddress: host = '', remotePort: port = 0 } = {}) => {
    console.log(\`Dropped \${printAddress({ host, port })}\`)
  })
  sock.on('connection'`]],
  'nothing-but-the-newest': ['server.ts', ['TLSv1.2', 'TLSv1.3']],
  'days-left': ['client.ts',
    [/import type \{ Socket \}.*\n/, ''],
    ['import { connect }', 'import { connect, type TLSSocket }'],
    ['Promise<Socket>', 'Promise<TLSSocket>'],
    ['sendAndReceive(conn: Socket', 'sendAndReceive(conn: TLSSocket'],
    ['const answer = ', `const end = Date.parse(conn.getPeerCertificate().valid_to)
    const days = Math.floor((end - Date.now()) / 86_400_000)
    if (days < 7) console.error(\`The certificate expires in \${days} days\`)
    const answer = `]],
  'pin-it': ['options.ts',
    ['help: {', 'pin: { type: \'string\' },\n  help: {'],
    ['words: positionals', 'pin: values.pin,\n      words: positionals'],
    'client.ts',
    ['{ address, ca, name }', '{ address, ca, name, pin }'],
    [/const trust = .*/, `const trust = pin !== undefined
    ? { rejectUnauthorized: false }
    : { ca: readCa(ca), servername: name, rejectUnauthorized: true }`],
    [/await once\(conn, 'secureConnect'\)/, `await once(conn, 'secureConnect')
  if (pin !== undefined && conn.getPeerCertificate().fingerprint256 !== pin) {
    conn.destroy()
    throw new Error('It shows another certificate than the one in --pin')
  }`]],
  'members-only': ['options.ts',
    ['help: {', 'only: { type: \'string\', multiple: true },\n  help: {'],
    ['words: positionals', 'only: values.only,\n      words: positionals'],
    'server.ts',
    ['turnedAway } = options', 'turnedAway, only } = options'],
    ['    if (turnedAway.includes(name))', `    const isStranger = only?.includes(name) === false
    if (isStranger || turnedAway.includes(name))`]],
  'take-it-back': ['options.ts',
    ['help: {', 'crl: { type: \'string\' },\n  help: {'],
    ['allowUnauthenticatedClients: anybody,', 'allowUnauthenticatedClients: anybody,\n      crlFile: values.crl,'],
    'papers.ts',
    ['function list(', 'export function readCrl(file: string): Buffer {\n  return read(file, pem => pem)[0]\n}\n\nfunction list('],
    'tls-options.ts',
    ['import { readCa, readPapers }', 'import { readCa, readCrl, readPapers }'],
    ['  caPath?: string', '  caPath?: string\n  crlFile?: string'],
    [/return \{ \.\.\.options, ca,/, `const crl = config.crlFile && readCrl(config.crlFile)
  return { ...options, ca, crl,`]],
  'a-new-passphrase-too': ['tls-server.ts',
    ['function reload(sock: Server, config: TlsConfig): void {', 'async function reload(sock: Server, config: TlsConfig): Promise<void> {'],
    ['    sock.setSecureContext(buildServerTlsOptions(config))', `    const fresh = config.passphraseFile ? await unlock(config) : config
    sock.setSecureContext(buildServerTlsOptions(fresh))`]],
  'three-tries': ['passphrase.ts',
    ['{ isLocked, read, refusePaper }', '{ isLocked, read, readPapers, refusePaper }'],
    ['await ask(keyFile)', 'await askUntilItFits(config)'],
    ['async function ask(', `async function askUntilItFits(config: TlsConfig): Promise<string> {
  const { certFile: cert = '', keyFile: key = '' } = config
  for (let left = 2; ; left--) {
    const passphrase = await ask(key)
    try {
      readPapers({ cert, key, passphrase })
      return passphrase
    } catch (error) {
      if (left === 0) throw error
      process.stderr.write('Try again\\n')
    }
  }
}

async function ask(`]],
}

const EXERCISES = CONTENT.lessons.flatMap(({ number: lesson, exercises }) =>
  exercises.map(({ id }) => ({ id, lesson })))

test('every exercise has its solution here', () => {
  expect(Object.keys(SOLUTIONS)).toEqual(EXERCISES.map(({ id }) => id))
})

const PROVABLE = EXERCISES.filter(({ lesson }) => canCheck(lesson, 'the exercises'))

test.concurrent.for(PROVABLE)('$id in lesson $lesson: its solution passes, and the program without it does not', async ({ id, lesson }, context) => {
  const { expect } = context
  const { slug } = findLesson(listLessons(ROOT), String(lesson))
  const before = join(ROOT, 'code', `${String(lesson).padStart(2, '0')}-${slug}`)
  const folder = mkdtempSync(join(tmpdir(), 'port-12345-solution-'))
  folders.push(folder)
  cpSync(before, folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  let file = ''
  for (const step of SOLUTIONS[id] ?? []) {
    if (typeof step === 'string') {
      file = join(folder, step)
      continue
    }
    const [from, to] = step
    const program = readFileSync(file, 'utf8')
    expect(program).toMatch(from)
    // A text is put in as it stands, and a dollar sign of its own means nothing.
    writeFileSync(file, typeof to === 'string' && typeof from === 'string' ? program.replace(from, () => to) : program.replace(from, to as string))
  }
  const [solved, unsolved] = await Promise.all([folder, before].map(of => {
    const words = `${lesson} --exercise ${id} --seed 7 --patience 3`
    return remembered(context, words, filesIn(of), () => type(`${words} --of ${of}`))
  }))
  expect(solved, solved?.stdout).toMatchObject({ code: 0, stderr: '' })
  expect(solved?.stdout).toMatch(/\nChange it back before you go on, /)
  expect(unsolved).toMatchObject({ code: 1, stderr: '' })
})
