import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { describeHolder, findPortHolder } from '../../scripts/workbook/port-holder.ts'
import { freePort } from './process.ts'

test.each(['127.0.0.1', '0.0.0.0', '::1'])('finds the process that listens on %s', async host => {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  const { port } = server.address() as AddressInfo
  const holder = await findPortHolder(port)
  expect(holder?.pid).toBe(process.pid)
  expect(holder?.command).toMatch(/^[\x20-\x7e]+$/)
})

test('finds nobody when nobody listens', async () => {
  expect(await findPortHolder(await freePort())).toBeUndefined()
})

test('a connection from a port does not hold it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const conn = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    conn.destroy()
    server.close()
  })
  await once(conn, 'connect')
  expect(await findPortHolder(conn.localPort ?? 0)).toBeUndefined()
})

test('says how to stop it', () => {
  expect(describeHolder(12345, { pid: 42, command: 'node server.ts' }))
    .toBe('Port 12345 is held by process 42: node server.ts. To stop it: kill 42')
})
