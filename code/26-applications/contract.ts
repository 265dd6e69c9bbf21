import type * as wrappers from './wrappers.ts'

export type App = (
  session: Session, request: AppRequest, bodies: Bodies,
) => Response | Promise<Response>

export interface Session {
  client: readonly [address: string, port: number]
  requests: number
  [own: `__${string}`]: unknown
}

export interface AppRequest {
  method: string
  uri: string
  script: string[]
  path: string[]
  query: string | null
  headers: Readonly<Record<string, string>>
  body: RequestStream | null
}

export type RequestStream = (wrappers.Body | wrappers.ChunkedBody) & {
  limit: number
}

export type Bodies = typeof wrappers

export type Headers = Record<string, string | number>

export type Response = readonly [
  status: number, reason: string, headers: Headers, body: AnswerBody | null,
]

export type AnswerBody = Uint8Array
  | wrappers.Body | wrappers.BodyIter
  | wrappers.ChunkedBody | wrappers.ChunkedBodyIter
