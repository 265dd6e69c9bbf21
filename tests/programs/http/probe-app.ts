// An application of lesson 26 that answers each request with what it has seen of it: see seen.ts.

interface ProbeRequest {
  method: string
  uri: string
  body: AsyncIterable<Uint8Array> & { limit: number } | null
}

export default async function probe(_session: unknown, { method, uri, body }: ProbeRequest) {
  const pieces: Uint8Array[] = []
  if (body) {
    body.limit = Infinity
    for await (const piece of body) pieces.push(piece)
  }
  const seen = JSON.stringify([method, uri, Buffer.concat(pieces).toString('base64')])
  return [200, 'OK', { 'x-seen': seen, 'content-length': 0 }, null] as const
}
