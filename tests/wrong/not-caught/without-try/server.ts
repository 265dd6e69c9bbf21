import { createServer } from 'node:net'

console.log('Starting server on port 12345')
createServer().listen({ host: '127.0.0.1', port: 12345, backlog: 5 })
