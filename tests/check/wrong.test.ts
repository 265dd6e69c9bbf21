import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CONTENT } from '../lessons/index.ts'
import { storiesOf } from '../../scripts/workbook/check/lesson.ts'
import { verdictReport } from '../../scripts/workbook/check/report/report.ts'
import type { CheckResult } from '../../scripts/workbook/check/report/verdict.ts'
import { checkHints } from '../../scripts/workbook/check/report/hints-for.ts'
import { ROOT } from '../support/command.ts'
import { filesIn, remembered } from '../support/memory.ts'
import { notProved } from '../support/not-proved.ts'
import { canCheck } from '../support/papers.ts'
import { room } from '../support/rooms.ts'
import { examiners } from '../support/examiners.ts'

const { check, programs } = examiners()
// Node 24, and no other, spares a connection with allowHalfOpen when the loop over it is over.
const SPARES = process.versions.node.startsWith('24.')
const LINUX = process.platform === 'linux'

type Case = readonly [folder: string, lesson: number, behaviour: string, words: RegExp]

// What only a kernel that can be asked shows.
const NOWHERE: Case = ['listens-nowhere', 2, 'listens', /^your program runs and has asked the kernel for no listening socket/]
const TEXT_FIRST: Case = ['listens-nowhere/text-first', 2, 'listens', /^line 13 of server\.ts gives listen a text first/]
const OBVIOUS: Case = ['closes-too-soon/obvious', 6, 'echo-large', /^your server ends the connection before everything has been sent/]
const LEAKS: Case = ['leaks-sockets', 6, 'lets-go', /^your server leaks: what it opens for a client it must close/]
// Elsewhere the kernel makes the caller wait, or the crowd is smaller.
const ASKS: Case = ['asks-for-511', 3, 'backlog', /^your server names no backlog, so Node asks for 511: lessons 3 to 7/]
const SHORT: Case = ['short-queue', 8, 'crowd', /^your server asks for a backlog of 5, and a crowd came at once/]
const THROWN_ON: Case = ['crashes/thrown-on', 12, 'no-permission', /^your program crashed: .* Your catch has thrown it on: it has no words for EACCES$/]
// Where a file cannot be renamed over another that is being read, nothing is promised.
const TORN: Case = ['writes-in-place', 10, 'whole-numbers', /^for a moment the file is empty, because writeFile empties it/]

// Only there can buffers be filled exactly.
const BRIM: readonly Case[] = [
  ...SPARES ? [] : ['brim', 'no-option'].map((name): Case =>
    [`closes-too-soon/${name}`, 6, 'end-at-the-brim', /^your server ends the connection before everything has been sent: Node destroys/]),
  ['closes-too-soon/destroy', 6, 'end-at-the-brim', /^your server ends the connection before everything has been sent: destroy forgets/],
  ['ended-by-node', 6, 'end-while-waiting', /^your server still waits for the drain of a client that has left: without allowHalfOpen/],
]

/** Each mistake: the program that makes it, the lesson it is checked with, what does not hold, the words. */
const CASES: readonly Case[] = [
  ['other-port', 2, 'listens', /^your server listens on 127\.0\.0\.1 port 12346, and the clients call port 12345$/],
  ['other-host', 2, 'listens', /^your server listens on 127\.0\.0\.2 port 12345, and the clients call 127\.0\.0\.1$/],
  ['localhost-is-ipv6', 2, 'listens', /^your server listens on ::1 port 12345, which is what the name localhost means first/],
  ['all-addresses', 2, 'listens', /^your server listens on :: port 12345, which is every address of this machine/],
  ...LINUX ? [NOWHERE, TEXT_FIRST, ASKS] : [],
  ['no-newline', 2, 'says-that-it-starts', /^your program has printed it without a newline behind it/],
  ['exits-at-once/with-a-client', 6, 'echo', /^your program came to its end with exit code 0, while it had a client$/],
  ['exits-at-once', 2, 'listens', /^your program came to its end: nothing was left for it to wait for/],
  ['waits-for-nothing', 2, 'listens', /^your program awaits something that can never happen(?: \(line 6 of server\.ts\))?, and Node ended it with exit code 13$/],
  ['not-caught', 2, 'second-copy', /^the error EADDRINUSE reached Node, because nothing caught it/],
  ['not-caught/misspelt', 2, 'second-copy', /^the error EADDRINUSE reached Node\. Your catch has thrown it on: it has no words for EADDRINUSE$/],
  ['not-caught/without-try', 2, 'second-copy', /^the error EADDRINUSE reached Node, because nothing caught it/],
  ['not-caught/wrong-way-round', 2, 'second-copy', /^line 22 of server\.ts throws on the one error that it should put into words/],
  ['misspelt-exit-code', 2, 'second-copy', /^line \d+ of server\.ts gives process a property that Node does not know/],
  ['ignores-ctrl-c', 2, 'ctrl-c', /^your program has a handler for SIGINT/],
  ['ignores-kill', 2, 'ctrl-c', /^your program has a handler for SIGTERM/],
  ['prints-nothing', 2, 'says-that-it-starts', /^your program has printed nothing at all$/],
  ['stumbles', 4, 'announces', /^your program crashed at server\.ts:7: TypeError: Cannot read properties of undefined .*in front of the dot/],
  ['stumbles/caught', 7, 'client-talks', /^your program has made a mistake and caught it itself: inspect is not defined\. No line gives/],
  ['stumbles/promise', 4, 'announces', /^your program .*Received an instance of Promise\. A promise was handed over/],
  ['stumbles/holds-on', 7, 'client-talks', /^your program has made a mistake and caught it itself: conn\.end is not a function\. .* an await is missing$/],
  ['no-such-event', 4, 'announces', /^line 20 of server\.ts waits for 'connections', .* is 'connection' meant\?$/],
  ['no-such-event/drain', 6, 'echo-large', /^line 24 of server\.ts waits for 'drian', .* is 'drain' meant\?$/],
  ['empty-program', 2, 'listens', /^server\.ts is empty$/],
  ['crashes', 5, 'prints-what-came', /^your program crashed at server\.ts:6: Error: had enough$/],
  ...LINUX ? [THROWN_ON] : [],
  ['prints-the-stack', 2, 'second-copy', /^your program has caught the error, and prints all of it/],
  ['prints-to-stdout', 2, 'second-copy', /^"Port 12345 is taken: .*" went to standard output \(console\.log\)/],
  ['prints-to-stdout/options', 12, 'no-number', /^"Not understood: .*" went to standard output/],
  ['prints-to-stderr', 4, 'announces', /^your program prints the line to standard error/],
  ['prints-something-else', 4, 'announces', /^your program prints a line that is nearly the one/],
  ['prints-undefined', 4, 'announces', /^your program asks something for its address that is no connection/],
  ['first-client-only', 4, 'announces', /^your server serves its first client and no other/],
  ['first-client-only', 5, 'next-please', /^your server serves its first client and no other/],
  ['first-client-only', 6, 'half-close', /^your server serves its first client and no other/],
  ['hears-one-chunk', 5, 'two-pieces', /^your server has printed the first piece that this client sent and nothing of the next/],
  ['prints-and-does-not-send', 6, 'echo', /^your server has read and printed what came, and sends nothing back/],
  ['drains-always', 6, 'echo-split', /^your server waits for drain after every write/],
  ['drains-always/wrong-way-round', 6, 'echo-split', /^line 24 of server\.ts waits for drain when write has returned true/],
  ['waits-for-the-end', 6, 'echo', /^your server answers when the client has ended its side, and not before/],
  ['last-chunk-only', 6, 'echo', /^your server keeps the last chunk only/],
  ['swallows-the-first', 6, 'echo', /^your server takes the first chunk for itself/],
  ['adds-to-it', 6, 'echo', /^your server sends more than it was sent: "Received: " stands in front$/],
  ['answers-twice', 6, 'echo', /^your server sends everything twice: server\.ts writes in line \d+ and in line \d+$/],
  ['bytes-as-text', 6, 'echo-binary', /^your server turns bytes into text and back, .*: ef bf bd is the sign for "this was no text"/],
  ['bytes-as-text/latin1', 6, 'echo-binary', /^your server turns bytes into text and back, .*: each byte from 80 on was read as one letter/],
  ['closes-too-soon/break', 6, 'echo-split', /^your server ends the connection while the client still talks: a break leaves the loop/],
  ['closes-too-soon', 6, 'echo-split', /^your server ends the connection while the client still talks, .* at server\.ts:19: end belongs behind the loop/],
  ...SPARES ? [] : [OBVIOUS],
  ['never-closes', 6, 'half-close', /^your server never ends its side after the client has/],
  ['no-backpressure', 6, 'backpressure', /^your server reads on while its client does not, and keeps in its memory what it cannot send/],
  ...LINUX ? [...BRIM, LEAKS] : [],
  ['no-client-file', 7, 'client-talks', /^the client is a second file, beside server\.ts$/],
  ['prints-a-promise', 7, 'client-talks', /^your program has printed "Received: '\[object Promise\]'": that is a promise/],
  ['prints-a-buffer', 7, 'client-talks', /^your program prints the Buffer itself/],
  ['outlives-its-answer', 7, 'client-talks', /^your client has its answer, and something keeps it alive: a timer/],
  ['calls-elsewhere', 7, 'client-talks', /^your client calls port 12346, and the server listens on port 12345$/],
  ['keeps-its-side-open', 7, LINUX ? 'client-talks' : 'client-ends-its-side', /^your client never ends its side/],
  ['cuts-a-letter', 7, 'client-reads-to-the-end', /^your client makes text of each piece by itself/],
  ['first-piece-only', 7, 'client-reads-to-the-end', /^your client prints the first piece of the answer/],
  ['last-piece-only', 7, 'client-reads-to-the-end', /^your client keeps the last piece of the answer only/],
  ['waits-for-ever/says-so', 7, 'client-silence', /^your client says that it gives up, and goes on/],
  ['waits-for-ever', 7, 'client-silence', /^your client has no patience of its own/],
  ...LINUX ? [SHORT] : [],
  ['one-at-a-time', 8, 'two-at-once', /^your server looks after one client at a time/],
  ['dies-of-one-client', 9, 'reset', /^the ECONNRESET of one client ended your server for all: what fails while/],
  ['dies-of-one-client/event', 9, 'reset', /^the ECONNRESET of one client ended your server for all: the error came as an event/],
  ['loses-silently', 9, 'names-the-lost', /^your server lives on and says nothing of the client that it lost/],
  ['waits-for-a-drain', 9, 'reset-while-writing', /^your server still waits for room on a connection that is gone/],
  ['all-addresses/options', 12, 'obeys-port', /^your server listens on :: port \d+, which is every address of this machine/],
  ['deaf-after-the-loop', 9, 'reset-after-the-end', /^when the loop over a connection is over, nobody listens to it any more/],
  ['deaf-after-the-loop/callback', 9, 'reset-after-the-end', /^the finished of node:stream takes a callback/],
  ['loses-counts', 10, 'counts-all', /^your server has got as far as \d+, and the rest is lost/],
  ['saves-too-little', 10, 'keeps-the-count', /^your server has counted on, and stopped saving/],
  ['saves-too-little/idle', 10, 'keeps-the-count', /^your server has counted on, and stopped saving/],
  ['counts-chunks', 10, 'counts-lines', /^your server counts the pieces in which the messages come/],
  ['forgets-the-count', 10, 'keeps-the-count', /^your server begins at nothing/],
  ...process.platform === 'win32' ? [] : [TORN],
  ['no-second-door', 11, 'stamp', /^your server does not listen on port 12346, where stamps are asked for/],
  ['buffer-as-numbers', 11, 'stamp', /^your server has stamped a list of numbers: a Buffer that is posted/],
  ['stamps-a-piece', 11, 'stamp', /^your server has stamped "half", which is a piece of the message/],
  ['freezes', 11, 'stamp-freezes-nobody', /^your server computes the stamp in the thread that serves everybody/],
  ['somebody-elses-stamp', 11, 'stamps-together', /^your server has answered with the stamp on ".*", for which another client had asked/],
  ['endless-queue', 11, 'stamp-queue', /^your server takes every request into a queue that has no end/],
  ['crash-unanswered', 11, 'stamp-crash', /^a thread crashed over this request, and its client waits for ever/],
  ['lost-thread', 11, 'stamp-crash', /^a thread that has crashed is missing ever after/],
  ['unheard-thread', 11, 'stamp-crash', /^an error in one of your threads ended the whole process/],
  ['leaves-orphans', 11, 'no-orphan', /^your stamps are made by processes of their own/],
]

// Buffers are filled exactly only when the processor is there at once, and these take some time to try.
const SLOW = new Set(['end-at-the-brim', 'end-while-waiting', 'reset-after-the-end'])

const PROVABLE = CASES.filter(([name, lesson, behaviour]) => {
  if (!canCheck(lesson, 'the wrong programs')) return false
  const reason = room(lesson).behaviours.find(({ id }) => id === behaviour)?.unless?.()
  if (reason !== undefined) notProved(`what is said of ${name}: ${reason}`)
  return reason === undefined
})

test.concurrent.for(PROVABLE)('%s in lesson %i', async ([name, lesson, behaviour, words], context) => {
  const { expect } = context
  const folder = join(ROOT, 'tests/wrong', name)
  // The stamps of lesson 11 need the processors most.
  const patience = SLOW.has(behaviour) ? 8 : lesson === 11 ? 5 : 3
  const ingredients = [String(lesson), behaviour, String(patience), ...filesIn(folder)]
  const result = await remembered(context, `wrong program ${name} in lesson ${lesson}`, ingredients, () =>
    check(lesson, folder, { until: behaviour, patience }))
  const { passed, failure, verdicts } = result
  expect({ passed, behaviour: failure?.id, diagnosis: failure?.diagnosis?.id }, reportOf(result))
    .toEqual({ passed: false, behaviour, diagnosis: name.split('/')[0] })
  expect(failure?.diagnosis?.sentence).toMatch(words)
  expect(verdicts.slice(0, -1).filter(verdict => verdict.status === 'failed')).toEqual([])
  const printed = reportOf(result)
  expect(printed.split('\n').filter(line => line.length > 80)).toEqual([])
  const report = withoutPorts(printed)
  // Every sign is a word or a plain character, and nothing steers a terminal.
  expect(report).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\p{Extended_Pictographic}]/u)
  if (SHOWN.has(name)) await expect(report).toMatchFileSnapshot(`reports/${name}.txt`)
})

/** One of each kind of report, kept whole beside this file: read them after a change. */
const SHOWN = new Set([
  'bytes-as-text', 'closes-too-soon', 'swallows-the-first', 'never-closes', 'stumbles', 'prints-something-else',
  'not-caught', 'other-port', 'waits-for-ever', 'one-at-a-time', 'no-client-file',
])

function reportOf({ verdicts }: CheckResult): string {
  return asTyped(`${verdicts.flatMap(verdict => verdictReport(verdict, { colour: false }) ?? []).join('\n')}\n`)
}

/** What differs from one run and one machine to the next. */
function withoutPorts(report: string): string {
  return report
    .replace(/127\.0\.0\.1:\d{5}\b/g, '127.0.0.1:<port>')
    .replace(/errno: -?\d+/g, 'errno: <number>')
}

// In the reader's own folder, which has no long name.
function asTyped(report: string): string {
  return report.replaceAll(/node --import tsx tests\/wrong\/\S+\/(\w+)\.ts/g, 'npm run mine $1').replaceAll('mine server', 'mine')
}

test('a program that is no TypeScript: one line with its place', async () => {
  const { failure, verdicts } = await check(2, programs({ 'server.ts': 'const a = 1\nconst b: = 2\n' }))
  expect(failure).toMatchObject({ diagnosis: { id: 'syntax-error' }, reason: expect.stringMatching(/server\.ts:2:10: Unexpected "="$/) })
  expect(verdicts[0]).toEqual(failure)
})

test('a program that imports what is not there: the same', async () => {
  const { failure } = await check(2, programs({ 'server.ts': 'import \'./helper.ts\'\n' }))
  expect(failure).toMatchObject({
    diagnosis: { id: 'syntax-error' }, reason: expect.stringMatching(/server\.ts:1:8: this imports "\.\/helper\.ts", which is not there/),
  })
})

test('every mistake that is recognised has its wrong program', () => {
  const made = readdirSync(join(ROOT, 'tests/wrong'))
  const known = new Set(CONTENT.lessons.flatMap(({ mistakes }) => mistakes).map(({ id }) => id))
  known.delete('syntax-error')
  expect([...known].sort()).toEqual(made.sort())
  const tested = new Set(CASES.map(([folder]) => folder.split('/')[0]))
  if (LINUX) expect([...tested].sort()).toEqual(made.sort())
})

test('every behaviour has a hint that fits whatever its failure', () => {
  checkHints(CONTENT, ROOT)
})

test('no title is too long for a line', () => {
  const all = CONTENT.lessons.flatMap(storiesOf)
  expect(all.map(({ title }) => title).filter(title => title.length > 78)).toEqual([])
})
