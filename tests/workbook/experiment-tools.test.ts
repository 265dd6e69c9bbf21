import { execFileSync } from 'node:child_process'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { environmentOf, OWN_NC, removeOwnNc, toolsIn } from '../../scripts/workbook/experiment/environment.ts'
import { ROOT } from '../support/command.ts'

test.each([
  ['nc -N 127.0.0.1 12345', ['nc']],
  ['sudo tcpdump -i lo', ['tcpdump']],
  ['printf Hello | nc -N 127.0.0.1 12345 | od', ['nc']],
  ['(for i in $(seq 6); do nc 127.0.0.1 12345 </dev/null & done; wait)', ['nc']],
  ['sh -c \'exec nc -d 127.0.0.1 12345\'', ['nc']],
  ['test -e x && HOME=/ "openssl" version || timeout 2 curl -s x', ['openssl', 'curl']],
  ['kill -STOP $(lsof -t -iTCP:12345)', ['lsof']],
  ['kill -STOP `lsof -t -iTCP:12345`', ['lsof']],
  ['for i in 1 2\ndo\n  ss -Hltn |\n  grep -c x\ndone', ['ss']],
  ['echo x >certs/openssl.cnf; ./nc -ss nc=2 --curl lsof.txt', []],
])('%j names %j', (line, tools) => {
  expect(toolsIn(line)).toEqual(tools)
})

afterAll(removeOwnNc)
beforeEach(() => void vi.stubEnv('PATH', '/nowhere'))

test('without the tools: an nc of our own, and the others are missing', () => {
  const { env, nc, missing } = environmentOf('ss -Hltn\nprintf x | nc -Nw3 127.0.0.1 12345 -v', ROOT)
  expect({ nc, missing }).toEqual({ nc: OWN_NC, missing: ['ss'] })
  expect(execFileSync('/bin/sh', ['-c', 'nc -h 2>&1'], { env, encoding: 'utf8' })).toMatch(/^usage: nc /)
  expect(environmentOf('unshare -Un true', ROOT).missing).toEqual(['unshare'])
})

test.each(['nc -u 127.0.0.1 1', 'x=$(nc -vx proxy 127.0.0.1 1)'])('an nc of our own has not all the options: %s', line => {
  expect(environmentOf(line, ROOT)).toMatchObject({ nc: undefined, missing: ['nc'] })
})
