import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { parseExperiment } from '../../scripts/workbook/experiment/parse.ts'
import { runExperiment, startsServer } from '../../scripts/workbook/experiment/run.ts'

const run = (content: string) => runExperiment(parseExperiment('T', content, 'lessons/01-x.md', 1), { cwd: '/', env: process.env })
const said = (content: string) => run(content).then(() => 'it held', String)

afterEach(() => expect(process.listenerCount('exit')).toBeLessThan(20))

test('typing, keys and exit codes reach a real program', async () => {
  expect(await said('one $ cat\none > Hello\none | Hello\none ^D\none = 0')).toBe('it held')
  expect(await said('one $ echo ready; exec sleep 60\none | ready\none ^C\none = 130')).toBe('it held')
  expect(await said('one $ sh -c \'echo out; echo err >&2; exit 3\'\none | out\none | err\none = 3')).toBe('it held')
})

test('a line that is not expected is a failure, wherever it comes', async () => {
  expect(await said('one $ echo Hello\none | Hallo')).toBe('lessons/01-x.md:3:5: in the terminal "one" expected the line "Hallo", printed was "Hello".')
  expect(await said('one $ printf "a\\nb\\n"\none | a\none = 0')).toContain('expected the program to end, printed was "b"')
  expect(await said('one $ printf "a\\nb\\n"\none | a\ntwo $ true\ntwo = 0')).toContain('nobody expected the line "b" after this')
  expect(await said('one $ true\none | a')).toContain('expected the line "a", and the program ended')
})

test('a wrong exit code and a broken silence are failures', async () => {
  expect(await said('one $ true\none = 1')).toContain('expected exit code 1, and it was 0')
  expect(await said('one $ echo x\none ~')).toContain('expected silence, printed was "x"')
  expect(await said('one $ cat\none ~\none ^D\none = 0')).toBe('it held')
})

test('a look is repeated until it shows what is expected', async () => {
  const file = `/tmp/port-12345-look-${process.pid}`
  expect(await said(`one $ rm -f ${file}; sleep 0.3; echo there > ${file}; cat\ntwo ? cat ${file}\ntwo | there\ntwo = 0\none ^D\none = 0`)).toBe('it held')
})

test('lines may be skipped up to the next expected one', async () => {
  expect(await said('one $ seq 9\none | 1\none | …\none | 8\none | 9\none = 0')).toBe('it held')
  expect(await said('one $ seq 9\none | …\none | 10')).toContain('expected the line "10" some time, and it never came')
})

test('nothing that was started outlives the experiment', async () => {
  const mark = `port-12345-orphan-${process.pid}`
  await said(`one $ sh -c 'sleep 300; : ${mark}' & sleep 300\ntwo $ false\ntwo = 0`)
  const { stdout } = await import('node:child_process').then(({ spawnSync }) => spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }))
  expect(stdout.split('\n').filter(line => line.includes(mark))).toEqual([])
})

test('a race is run again until it goes as shown, and not for ever', async () => {
  const file = `/tmp/port-12345-race-${process.pid}`
  const race = async (shown: string) => {
    const again: string[] = []
    const experiment = parseExperiment('{race} T', `one $ echo >> ${file}; exec grep -c ^ ${file}\none | ${shown}\none = 0\n`, 'lessons/01-x.md', 1)
    const outcome = await runExperiment(experiment, { cwd: '/', env: process.env, onAgain: problem => again.push(String(problem)) })
      .then(() => 'it held', String).finally(() => rmSync(file))
    return { outcome, again: again.length }
  }
  expect(await race('3')).toEqual({ outcome: 'it held', again: 2 })
  expect(await race('6')).toMatchObject({ outcome: expect.stringContaining('expected the line "6", printed was "5"') as string, again: 4 })
})

test.each([
  ['npm run lesson:6', true], ['npm run lesson:18', true], ['npm run lesson:11 >/dev/null', true], ['npm run lesson:12 -- --port 8080', true],
  ['npm run lesson:10 server here', true], ['(PORT=8080 npm run lesson:12)', true], ['ulimit -n 64; npm run lesson:9', true],
  ['nc -lN 127.0.0.1 12345', true], ['rm -f b; nc -l -v 127.0.0.1 8080 <b | cat', true], ['nc -N 127.0.0.1 12345', false],
  ['npm run lesson:7 client', false], ['npm run lesson:17 client', false], ['npm run lesson:18 mallory', false], ['npm run mine', false],
])('"%s" is waited for: %s', (command, waitedFor) => {
  expect(startsServer(command)).toBe(waitedFor)
})
