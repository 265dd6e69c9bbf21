/** One part of the course: its name as front matter writes it, and the numbers of its lessons. */
export interface PartPlan {
  name: string
  first: number
  last: number
  /** What the reader has at its end, for the course map. */
  promise: string
}

/** Where the pages of the parts are written, relative to the root. */
export const PARTS_FOLDER = 'lessons/parts/'

/** The whole course. A lesson's number never changes once it has landed. */
export const PARTS: readonly PartPlan[] = [
  { name: 'One connection', first: 1, last: 7, promise: 'An echo server, and a client to talk to it.' },
  { name: 'Many connections', first: 8, last: 15, promise: 'The same server for hundreds of clients, and a clean stop.' },
  { name: 'TLS', first: 16, last: 20, promise: 'The same conversation with certificates you made yourself.' },
  { name: 'HTTP, from bytes', first: 21, last: 32, promise: 'An HTTP/1.1 server that a browser talks to.' },
  { name: 'A messaging service', first: 33, last: 37, promise: 'Users, passwords, a database and a terminal client.' },
  { name: 'An HTTP/2 service', first: 38, last: 42, promise: 'Frames, streams, sealed requests, and a service that stays up.' },
  { name: 'Under the floor', first: 43, last: 45, promise: 'System calls, packets on the wire, datagrams.' },
]
