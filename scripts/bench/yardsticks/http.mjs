import { createServer } from 'node:http'
import { inspect } from 'node:util'

// The yardstick of the web servers: http.mjs PORT PAGE.TS, on Node's own server. It makes the same page as the
// lesson does, with the lesson's own page.ts, sends back what comes to /echo, and prints the lines that the
// lessons print.

const [port, pageFile] = process.argv.slice(2)
const { pageFor } = await import(pageFile)

const server = createServer((request, response) => {
  const { method, url, httpVersion, headers } = request
  console.log(`Request: ${inspect(`${method} ${url}`)}`)
  if (url === '/echo') {
    response.setHeader('Content-Type', 'application/octet-stream')
    request.pipe(response)
    return
  }
  // What the lessons call these things differs.
  const fields = new Map(Object.entries(headers))
  const body = Buffer.from(pageFor({ method, target: url, uri: url, version: `HTTP/${httpVersion}`, fields, headers }))
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body.length })
  response.end(body)
})
server.on('connection', conn => console.log(`Received new connection from ${conn.remoteAddress}:${conn.remotePort}`))
server.listen(Number(port), '127.0.0.1')
