import { once } from 'node:events'
import { createServer } from 'node:net'

console.log('Starting server on port 12345')
const sock = createServer()
await once(sock, 'listening')
