const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

function startServer(): void {
  console.log(`Nobody listens on ${SERVER_NAME} yet`)
}

console.log(`Starting server on port ${SERVER_PORT}`)
startServer()
