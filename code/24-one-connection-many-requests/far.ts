import { connect, createServer, type Socket } from 'node:net'

const ONE_WAY = 50
const BOTH = { allowHalfOpen: true, noDelay: true }
const SERVER = { ...BOTH, host: '127.0.0.1', port: 12345 }

function carry(from: Socket, to: Socket, extra = 0): void {
  const opened = Date.now()
  function later(action: () => void): void {
    const at = Math.max(Date.now() + ONE_WAY, opened + extra + ONE_WAY)
    setTimeout(action, at - Date.now())
  }
  from.on('data', data => later(() => to.write(data)))
  from.on('end', () => later(() => to.end()))
  from.on('error', () => to.destroy())
}

createServer(BOTH, near => {
  const far = connect(SERVER)
  carry(near, far, 2 * ONE_WAY)
  carry(far, near)
}).listen(8080, '127.0.0.1', () => console.log('Port 8080 is far away'))
