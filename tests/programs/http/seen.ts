import { connect } from 'node:net'

/** What a server has made of the bytes on one connection: the requests that it took, and the status that ended it. */
export interface Outcome {
  /** Method, target and body of each request, as one JSON text each. */
  seen: string[]
  /** The status of the first request that was not taken; undefined where all were, or nothing was said. */
  refused?: number
  /** Nothing came back for this long, and the connection was open: in milliseconds. */
  hung?: number
  /** The connection was reset. */
  reset?: true
}

/** In milliseconds: more than any server of these tests may take on a busy machine. */
const DEADLINE = 60_000

/**
 * Sends pieces to a server, each in a turn of its own, ends its side behind the last one and reads to the end.
 * What came is told from the heads: the servers of these tests answer with the field x-seen, or refuse.
 */
export function ask(port: number, pieces: readonly Buffer[]): Promise<Outcome & { localPort: number }> {
  return new Promise(resolve => {
    const conn = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const came: Buffer[] = []
    let reset = false
    let localPort = 0
    let hung: number | undefined
    const timer = setTimeout(() => {
      hung = DEADLINE
      conn.destroy()
    }, DEADLINE)
    conn.on('data', data => came.push(data))
    conn.on('error', () => reset = true)
    conn.on('end', () => conn.destroy())
    conn.on('close', () => {
      clearTimeout(timer)
      const outcome = outcomeOf(Buffer.concat(came))
      resolve({ localPort, ...outcome, ...(hung !== undefined && { hung }), ...(reset && { reset }) })
    })
    conn.on('connect', () => {
      localPort = conn.localPort ?? 0
      let index = 0
      const next = () => {
        const piece = pieces[index++]
        if (piece === undefined) return void conn.end()
        conn.write(piece)
        setImmediate(next)
      }
      next()
    })
  })
}

/** Each head that came back, in its order: no body of these servers has a line that looks like one. */
export function outcomeOf(came: Buffer): Outcome {
  const seen: string[] = []
  for (const head of came.toString('latin1').split(/^(?=HTTP\/1\.[01] \d{3} )/m)) {
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)
    if (status === 0 || status === 100) continue
    const [, said] = /^x-seen: ([^\r\n]*)/im.exec(head) ?? []
    if (status !== 200 || said === undefined) return { seen, refused: status }
    seen.push(Buffer.from(said, 'latin1').toString())
  }
  return { seen }
}
