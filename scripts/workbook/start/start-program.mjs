import { channel } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripTypes } from './typescript/threads.mjs'

/**
 * Starts a program in this very process, as `node file args…` would: it is the main module, and signals,
 * arguments, standard input and the exit code are its own. Everybody who starts a program does it here: `npm run
 * mine`, `npm run lesson:N`, and the check, so that what is checked is what the reader runs.
 * @param {string} file absolute
 * @param {readonly string[]} args
 * @param {object} [words]
 * @param {(error: unknown) => string | undefined} [words.explain] what to say instead of an error that nothing
 * catches, in one line; undefined for what Node says best
 * @param {(port: number) => void} [words.taken] told a port that the program did not get, when it fails
 * @param {string} [words.preload] a module that is to run before the program, in its threads too
 */
export async function startProgram(file, args, { explain, taken, preload } = {}) {
  process.argv.splice(1, Infinity, file, ...args)
  // Of the command that was typed; the program's standard output is its own.
  process.stdout.removeAllListeners('error')
  watchPort(taken)
  process.on('uncaughtExceptionMonitor', error => {
    // What the program catches is its own business.
    const line = process.listenerCount('uncaughtException') > 0 ? undefined : explain?.(error)
    if (line === undefined) return
    process.stderr.write(`${line}\n`)
    process.exit(1)
  })
  if (!WARNS) process.once('beforeExit', () => process.once('exit', warnOfUnsettled))
  process.setSourceMapsEnabled(true)
  await stripTypes(preload)
  // Only in a package of modules does Node take a file as one by itself.
  if (typeOf(file) === 'module') Module.runMain()
  else await import(pathToFileURL(file).href)
}

/** From 22 on Node says itself what was still awaited when it ended with 13. */
const WARNS = Number(process.versions.node.split('.')[0]) >= 22
const UNSETTLED = 13

function warnOfUnsettled() {
  if (process.exitCode === UNSETTLED) process.stderr.write('Warning: the program ended while a top-level await was still waiting\n')
}

// When the program fails because a port is taken, the first that it did not get is told. Nothing is stopped.
function watchPort(taken) {
  let port
  channel('tracing:net.server.listen:error').subscribe(({ error }) => {
    if (error?.code === 'EADDRINUSE') port ??= error.port
  })
  process.on('exit', code => {
    if (code !== 0 && port !== undefined) taken?.(port)
  })
}

function typeOf(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return undefined
    }
    if (folder === dirname(folder)) return undefined
  }
}
