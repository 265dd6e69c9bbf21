import { BAD_REQUEST, Refusal } from './refusal.ts'

export function segmentsOf(path: string): string[] {
  if (path === '/' || path === '*') return []
  return path.slice(1).split('/').map(segmentIn)
}

function segmentIn(raw: string): string {
  const segment = decoded(raw)
  if (segment === undefined || /^\.\.?$|\p{Cc}/u.test(segment)) {
    throw new Refusal(BAD_REQUEST, 'a path has a segment that is not allowed')
  }
  return segment
}

function decoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}
