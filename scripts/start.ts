import { createProgressKeeper } from '../site/server/progress.ts'
import { createSiteServer, listen } from '../site/server/server.ts'
import { readPort } from '../site/server/port-option.ts'
import { build, siteFolder } from './build.ts'
import { PROJECT_ROOT } from './workbook/project.ts'

/**
 * `npm start [-- --port N]` builds the site and serves it on this machine.
 * @throws Problem for whatever is wrong in a lesson, for an argument, and when the port is taken
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<void> {
  const port = readPort(argv, 'npm start')
  const server = createSiteServer(siteFolder(root), [], createProgressKeeper(root))
  // The port first: who has to choose another one should not wait for the build.
  const address = await listen(server, port, 'npm start')
  try {
    await build(root)
  } catch (error) {
    server.close()
    throw error
  }
  console.log(`Port 12345 is open at ${address} (Ctrl-C stops it)`)
}
