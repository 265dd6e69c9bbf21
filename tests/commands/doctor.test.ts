import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lessonsInWords, table } from '../../scripts/doctor.ts'
import type { Diagnosis } from '../../scripts/workbook/machine/examine.ts'
import { TOOL_NAMES } from '../../scripts/workbook/book/front-matter.ts'
import { isolated } from '../../scripts/workbook/machine/isolate.ts'
import { installCommand, TOOLS } from '../../scripts/workbook/machine/tools.ts'
import { hasOwnNetwork } from '../support/own-network.ts'
import { BOOK, command, folder, run } from '../support/command.ts'

// The book's lessons need nc (1 to 3), ss (2) and openssl (4).
const doctor = (args: string[], env: NodeJS.ProcessEnv) => run(command(['doctor', ...args], BOOK), { env })

/** A PATH with these programs alone, each of which prints the given text. */
function systemWith(programs: Record<string, string>): NodeJS.ProcessEnv {
  const root = folder(Object.fromEntries(Object.entries(programs)
    .map(([name, says]) => [`bin/${name}`, `#!/bin/sh\necho '${says}'\n`])))
  for (const name of Object.keys(programs)) chmodSync(join(root, 'bin', name), 0o755)
  return { PATH: join(root, 'bin') }
}

test('without a tool that a lesson needs: it is named, with the command that installs it', async () => {
  const { code, stdout, stderr } = await doctor([], systemWith({ 'apt-get': '' }))
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^missing {3}openssl +lesson 4\n {10}(sudo )?apt-get install openssl$/m)
  expect(stdout).toMatch(/^missing {3}ss +lesson 2\n {10}(sudo )?apt-get install iproute2$/m)
  expect(stdout).toMatch(/^stand-in {2}nc +npm run nc +lessons 1 to 3\n {10}(sudo )?apt-get install netcat-openbsd$/m)
  expect(stdout).toMatch(/^absent {4}curl +no lesson so far$/m)
  expect(stdout).toMatch(/\nThe lessons need openssl, ss. Run: (sudo )?apt-get install openssl iproute2\n$/)
  expect(stdout.split('\n').slice(0, -2).filter(line => line.length > 80)).toEqual([])
})

test('with all that the lessons need, or a stand-in for it: 0', async () => {
  const env = systemWith({ openssl: 'OpenSSL 3.0.22 25 Aug 2026', lsof: 'revision: 4.95.0', nc: 'Ncat 7.93 ( https://nmap.org/ncat )' })
  const { code, stdout } = await doctor([], env)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok {8}openssl +OpenSSL 3.0.22 +lesson 4$/m)
  expect(stdout).toMatch(/^stand-in {2}ss +lsof +lesson 2$/m)
  expect(stdout).toMatch(/^stand-in {2}nc +ncat 7.93 +lessons 1 to 3\n {10}npm run nc takes its place/m)
  expect(stdout).toMatch(/\nEverything that the lessons need is here or has a stand-in.\n$/)
})

test('--json says the same to a program', async () => {
  const env = systemWith({ nc: 'Ncat 7.93 ( https://nmap.org/ncat )' })
  const { code, stdout } = await doctor(['--json'], env)
  const found = JSON.parse(stdout) as Diagnosis
  expect(code).toBe(1)
  expect(found.ok).toBe(false)
  expect(found.node.version).toBe(process.versions.node)
  expect(found.tools.find(tool => tool.name === 'nc')).toMatchObject({
    status: 'stand-in', found: 'ncat 7.93', path: join(String(env.PATH), 'nc'), standIn: 'npm run nc', lessons: [1, 2, 3],
  })
  expect(found.tools.find(tool => tool.name === 'openssl')).toMatchObject({ status: 'missing', lessons: [4] })
  expect(found.localhost.length).toBeGreaterThan(0)
})

test('an unknown option gets one line', async () => {
  expect(await doctor(['--jsn'], {})).toEqual({
    stdout: '', stderr: 'npm run doctor has no option "--jsn". It has one: --json\n', code: 2, signal: null,
  })
})

const diagnosis: Diagnosis = {
  ok: true,
  node: { version: '24.21.0', path: '/node' },
  packages: { installed: 27, wrong: [] },
  tools: [],
  port: { number: 12345, free: true },
  localhost: ['::1', '127.0.0.1'],
}

test('a taken port is told with its holder, and is no failure', async () => {
  const port = { number: 12345, free: false, holder: { pid: 4242, command: `node ${'x'.repeat(100)}`, stopped: false } }
  const lines = table({ ...diagnosis, port }).split('\n')
  const at = lines.findIndex(line => line.startsWith('taken     port       12345 is taken'))
  expect(lines[at + 1]).toMatch(/^ {10}Port 12345 is held by process 4242: node x+…. To stop it: kill 4242$/)
  expect(lines[at + 1]).toHaveLength(80)
  expect(lines.at(-1)).toBe('Everything that the lessons need is here or has a stand-in.')
})

// Port 12345 itself is only ours to take in a network of our own.
test.skipIf(!hasOwnNetwork('that npm run doctor sees who holds port 12345'))('sees who holds port 12345', async () => {
  const words = (args: string[]) => command(args, BOOK).map(word => `'${word}'`).join(' ')
  const { stdout } = await run(isolated(['sh', '-c', `
    ${words(['lesson', '2'])} | {
      read -r _listening
      ${words(['doctor'])}
      kill 0
    }
  `]))
  expect(stdout).toMatch(/^taken {5}port {7}12345 is taken\n {10}Port 12345 is held by process \d+: .*. To stop it: kill \d+$/m)
})

test('packages of other versions than package.json names', () => {
  const text = table({ ...diagnosis, ok: false, packages: { installed: 25, wrong: ['vitest', 'zod'] } })
  expect(text).toContain('missing   packages   2 of 27               vitest, zod\n          npm ci\n')
  expect(text).toMatch(/\nThe packages are not those of package.json. Run: npm ci$/)
})

test('which address localhost is first', () => {
  expect(table(diagnosis)).toContain('ok        localhost  ::1 first             so say 127.0.0.1, as the lessons do\n')
  expect(table({ ...diagnosis, localhost: [] })).toContain('stands for no address; say 127.0.0.1')
})

test.each([
  [[4], 'lesson 4'],
  [[1, 2, 3, 4], 'lessons 1 to 4'],
  [[1, 2, 5, 7, 8, 9], 'lessons 1, 2, 5, 7 to 9'],
])('%j is "%s"', (numbers, words) => {
  expect(lessonsInWords(numbers)).toBe(words)
})

test('every tool that front matter may name is in the table', () => {
  expect(TOOLS.map(tool => tool.name)).toEqual(expect.arrayContaining([...TOOL_NAMES]))
})

test.each([
  ['apt', /^(sudo )?apt-get install netcat-openbsd openssl iproute2$/],
  ['dnf', /^(sudo )?dnf install netcat openssl iproute$/],
  ['pacman', /^(sudo )?pacman -S openbsd-netcat openssl iproute2$/],
  ['apk', /^(sudo )?apk add netcat-openbsd openssl iproute2-ss$/],
  ['brew', /^brew install openssl@3$/],
  ['winget', /^winget install ShiningLight.OpenSSL.Light$/],
] as const)('how to install with %s', (manager, line) => {
  expect(installCommand(['nc', 'openssl', 'ss'], manager)).toMatch(line)
})
