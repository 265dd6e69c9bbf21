// Preloaded into a program whose own patience is checked: what it waits for by the clock comes
// FAST_CLOCK times as soon. Nothing else changes. What waits in a way that is not listed here waits
// as long as ever, and is only slower to check.
import { Socket } from 'node:net'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const require = createRequire(import.meta.url)
const timers = require('node:timers')
const promises = require('node:timers/promises')
const factor = Number(new URL(import.meta.url).searchParams.get("speed"))
const sooner = ms => typeof ms === 'number' && ms > factor ? ms / factor : ms

const { setTimeout: ofSocket } = Socket.prototype
Socket.prototype.setTimeout = function (ms, ...rest) {
  return ofSocket.call(this, sooner(ms), ...rest)
}

for (const name of ['setTimeout', 'setInterval']) {
  const original = timers[name]
  const faster = (callback, ms, ...rest) => original(callback, sooner(ms), ...rest)
  // util.promisify(setTimeout) asks for this property.
  Object.defineProperties(faster, Object.getOwnPropertyDescriptors(original))
  timers[name] = faster
  globalThis[name] = faster
  const awaited = promises[name]
  promises[name] = (ms, ...rest) => awaited(sooner(ms), ...rest)
}

const { timeout } = AbortSignal
AbortSignal.timeout = ms => timeout.call(AbortSignal, sooner(ms))

syncBuiltinESMExports()
