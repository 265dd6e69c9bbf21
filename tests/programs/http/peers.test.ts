import { expect, test } from 'vitest'
import { findTool } from '../../../scripts/workbook/machine/tools.ts'
import { chromiumPath } from '../../site/browser/chromium.ts'
import { remembered } from '../../support/memory.ts'
import { notProved } from '../../support/not-proved.ts'
import { inWhole } from '../../support/whole.ts'
import { folder, ingredients, own, printedBy } from './runs.ts'

interface Met {
  printed: unknown
  /** Whether the server was still there. */
  runs: boolean
  connections: number
}

const whole = inWhole('the web server and its real clients')

/** Lets a real client meet the server. */
async function meet(context: Parameters<typeof remembered>[0], peer: string): Promise<Met> {
  return await remembered(context, `the web server and ${peer}`, ingredients, async () =>
    JSON.parse(await printedBy('peers-run.ts', folder, peer)) as Met)
}

function has(tool: string, found: unknown): boolean {
  if (!found) notProved(`the web server and ${tool}: it is missing here`)
  return found !== undefined
}

test.runIf(own && whole && has('Chromium', chromiumPath()))('Chromium gets what it asks for, on few connections', { timeout: 300_000 }, async context => {
  const { printed, runs, connections } = await meet(context, 'chromium')
  expect({ printed, runs }).toEqual({
    printed: {
      status: 200, heading: '¡Hasta mañana!', echoed: true, head: '12', empty: 204, notAllowed: 405, hello: ['hello, world'],
      counted: '7 bytes, sha-256 f968682da39382523ffa34f7e9e8e84e337eacc30fa2e70435c8ed70e1ff0ff7\n',
    },
    runs: true,
  })
  // It opens six to one place at most, and one ahead of time.
  expect(connections).toBeLessThanOrEqual(8)
})

test.runIf(own && whole && has('wrk', findTool('wrk')))('wrk gets an answer to each request', { timeout: 300_000 }, async context => {
  const { printed, runs } = await meet(context, 'wrk')
  expect(runs).toBe(true)
  expect(printed).toMatch(/[1-9]\d* requests in/)
  expect(printed).not.toMatch(/Socket errors|Non-2xx/)
})

test.runIf(own && whole && has('slowhttptest', findTool('slowhttptest'))).for(['heads', 'bodies'])(
  'slowhttptest loses all its slow %s, and others are served meanwhile', { timeout: 300_000 }, async (peer, context) => {
    const { printed, runs } = await meet(context, peer)
    expect(runs).toBe(true)
    expect(printed).toMatch(/service available:\s+YES/)
    expect(printed).not.toMatch(/service available:\s+NO/)
    expect(printed).toMatch(/No open connections left/)
  })
