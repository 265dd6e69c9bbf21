import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { describeHolder, findPortHolder } from '../../scripts/workbook/machine/port-holder.ts'
import { freePort } from '../support/command.ts'

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
  expect(describeHolder(12345, { pid: 42, command: 'node server.ts', stopped: false }))
    .toBe('Port 12345 is held by process 42: node server.ts. To stop it: kill 42')
  expect(describeHolder(12345, { pid: 42, command: 'node server.ts', stopped: true }))
    .toBe('Port 12345 is held by process 42: node server.ts. It is frozen. To stop it: kill 42; kill -CONT 42')
})

test('sees that a holder is frozen', async () => {
  const script = 'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })'
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data') as [string]
  expect(await findPortHolder(Number(port))).toMatchObject({ pid: child.pid, stopped: false })
  child.kill('SIGSTOP')
  await expect.poll(() => findPortHolder(Number(port))).toMatchObject({ pid: child.pid, stopped: true })
})
