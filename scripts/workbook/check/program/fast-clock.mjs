// Preloaded into a program whose own patience is checked: `?speed=20` lets its clocks run twenty times as fast,
// and `?speed=0.1` a tenth. All of them go together, in its threads too: what it waits for, and what it measures
// with Date, performance.now(), process.hrtime() and process.uptime(). The limits of Node's own servers are timers
// that Node starts inside itself; those that can be set are set sooner.
import { createRequire, syncBuiltinESMExports } from 'node:module'

const require = createRequire(import.meta.url)
const speed = Number(new URL(import.meta.url).searchParams.get('speed'))
const LONGEST = 2 ** 31 - 1

// Node waits at least a millisecond, and what is no number as long as it says itself.
const sooner = ms => {
  const number = typeof ms === 'string' ? Number(ms) : ms
  return typeof number === 'number' && number >= 1 && number <= LONGEST ? Math.min(LONGEST, Math.max(1, number / speed)) : ms
}
// A signal, a socket or a server takes whole milliseconds only.
const soonerWhole = ms => typeof ms === 'number' && ms > 0 ? Math.min(LONGEST, Math.max(1, Math.round(ms / speed))) : ms

/** Takes the place of a function, and is called and looks like it. */
function replace(owner, name, make) {
  const original = owner[name]
  const other = make(original)
  // util.promisify(setTimeout) asks for one of these properties.
  const { prototype: _, ...properties } = Object.getOwnPropertyDescriptors(original)
  Object.defineProperties(other, properties)
  Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value: other })
  return other
}

function clocks() {
  const RealDate = Date
  const { now } = RealDate
  // Both clocks begin where they are: a time before this one is nothing to a program that begins now.
  const begin = now()
  const date = () => Math.floor(begin + (now() - begin) * speed)
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(date()).toString(),
    construct: (target, args, as) => Reflect.construct(target, args.length === 0 ? [date()] : args, as),
  })
  RealDate.now = date
  RealDate.prototype.constructor = globalThis.Date

  const { performance } = require('node:perf_hooks')
  const proto = Object.getPrototypeOf(performance)
  const origin = performance.now()
  replace(proto, 'now', real => ({ now() { return origin + (real.call(this) - origin) * speed } }).now)

  const nanoseconds = process.hrtime.bigint
  const first = nanoseconds()
  const bigint = () => first + BigInt(Math.round(Number(nanoseconds() - first) * speed))
  replace(process, 'hrtime', () => ({
    hrtime(since) {
      const at = bigint() - (since === undefined ? 0n : BigInt(since[0]) * SECOND + BigInt(since[1]))
      return [Number(at / SECOND), Number(at % SECOND)]
    },
  }).hrtime)
  process.hrtime.bigint = bigint
  const since = process.uptime()
  replace(process, 'uptime', real => ({ uptime() { return since + (real() - since) * speed } }).uptime)
}

function waits() {
  let asked = false
  const timers = require('node:timers')
  const promises = require('node:timers/promises')
  for (const name of ['setTimeout', 'setInterval']) {
    globalThis[name] = replace(timers, name, real => ({
      [name]: (callback, ms, ...rest) => {
        asked = true
        return real(callback, sooner(ms), ...rest)
      },
    })[name])
    replace(promises, name, real => ({ [name]: (ms, ...rest) => real(sooner(ms), ...rest) })[name])
  }
  const { wait } = promises.scheduler
  promises.scheduler.wait = function (ms, ...rest) { return wait.call(this, sooner(ms), ...rest) }
  asked = false
  AbortSignal.timeout(1)
  // Some versions of Node take our timer for it, others their own.
  if (asked) return
  replace(AbortSignal, 'timeout', real => ({ timeout: ms => real.call(AbortSignal, soonerWhole(ms)) }).timeout)
}

function limits() {
  const { Socket } = require('node:net')
  const http = require('node:http')
  const tls = require('node:tls')
  // What else of HTTP has a limit hands it to its socket.
  for (const { prototype } of [Socket, http.Server]) {
    replace(prototype, 'setTimeout', real => ({
      setTimeout(ms, ...rest) { return real.call(this, soonerWhole(ms), ...rest) },
    }).setTimeout)
  }
  const named = options => {
    if (typeof options !== 'object' || options === null) return options
    const given = LIMITS.filter(name => typeof options[name] === 'number')
    const changed = Object.fromEntries(given.map(name => [name, soonerWhole(options[name])]))
    return given.length === 0 ? options : { ...options, ...changed }
  }
  for (const owner of [http, require('node:https'), tls, require('node:net')]) {
    replace(owner, 'createServer', real => ({ createServer: (options, ...rest) => real(named(options), ...rest) }).createServer)
  }
}

const SECOND = 1_000_000_000n
const LIMITS = ['handshakeTimeout', 'requestTimeout', 'headersTimeout', 'keepAliveTimeout', 'connectionsCheckingInterval', 'timeout']

clocks()
waits()
limits()
syncBuiltinESMExports()
