import { once } from 'node:events'
import { connect } from 'node:net'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

const conn = connect({ host: SERVER_NAME, port: SERVER_PORT })
conn.write('Hello')
await once(conn, 'data')
conn.resetAndDestroy()
