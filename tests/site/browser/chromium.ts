import { chromium, type Browser } from 'playwright-core'
import { findTool } from '../../../scripts/workbook/machine/tools.ts'

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** The Chromium of this system; `CHROMIUM_PATH` names another one. */
export function chromiumPath(): string | undefined {
  return process.env.CHROMIUM_PATH || findTool('chromium')?.path
}

/** Starts it. What it would ask of the network it is told not to ask. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('there is no Chromium: apt-get install chromium, or set CHROMIUM_PATH')
  return chromium.launch({ executablePath, args: FLAGS })
}
