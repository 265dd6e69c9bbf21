import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { describeHolder, findPortHolder } from '../../scripts/workbook/machine/port-holder.ts'
import { Problem } from '../../scripts/workbook/problem.ts'
import { PAGES } from '../address.ts'
import { admit, admitReading } from './guard.ts'
import { pathOf } from './path.ts'

/** Answers a request, or returns false to leave it to the next. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => boolean

/** Assets carry a hash of their content in their names. */
const FOR_EVER = 'public, max-age=31536000, immutable'
/** The downloads: TypeScript shares its ending with a video format. */
const SOURCE_RE = /\.(ts|js|json|sql|sh)$/

/**
 * A server for a folder of finished pages.
 * @param before what is asked first, such as the preview's own addresses
 * @param keeper the one that may be written to, the reader's progress
 */
export function createSiteServer(folder: string, before: readonly Handler[] = [], keeper?: Handler): Server {
  // `dev` reads the disk for each request, so that pages built meanwhile are served as they are.
  const serve = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders(response, path) {
      if (path.startsWith('/assets/')) response.setHeader('Cache-Control', FOR_EVER)
      if (path.startsWith('/code/') && SOURCE_RE.test(path)) response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    },
  })
  return createServer((request, response) => {
    if (!admit(request, response) || keeper?.(request, response) || !admitReading(request, response)) return
    // A page is sent whole: sirv throws at a range that ends before it begins.
    delete request.headers.range
    if (leadToPage(request, response) || before.some(handle => handle(request, response))) return
    serve(request, response, () => sendNotFound(folder, response))
  })
}

/**
 * The files are found with a slash at the end too, but then every link of the page leads from a folder
 * that is not there. The way out is relative, so that no address leads off this server.
 */
function leadToPage(request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request)
  if (path === '/' || !path.endsWith('/')) return false
  response.writeHead(302, { Location: `../${path.split('/').at(-2)}` }).end()
  return true
}

function sendNotFound(folder: string, response: ServerResponse): void {
  let page: Buffer
  try {
    page = readFileSync(join(folder, PAGES.notFound))
  } catch {
    // The server listens before the first build is done.
    response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' })
    response.end('The site is being built. Load this page again in a moment.\n')
    return
  }
  response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' })
  response.end(page)
}

/**
 * Listens on this machine alone.
 * @param port 0 takes any that is free
 * @returns the address to type into a browser
 * @throws Problem when the port is taken or may not be used
 */
export async function listen(server: Server, port: number, command: string): Promise<string> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: '127.0.0.1', port }, resolve)
    })
  } catch (error) {
    throw await explain(error as NodeJS.ErrnoException, port, command)
  }
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`
}

async function explain(error: NodeJS.ErrnoException, port: number, command: string): Promise<Error> {
  const remedy = `Use another one: ${command} -- --port ${port === 4321 ? 4322 : 4321}`
  if (error.code === 'EADDRINUSE') {
    const holder = await findPortHolder(port)
    return new Problem(holder ? describeHolder(port, holder) : `port ${port} is taken`, { remedy })
  }
  if (error.code === 'EACCES') return new Problem(`port ${port} needs more rights than you have`, { remedy })
  return error
}
