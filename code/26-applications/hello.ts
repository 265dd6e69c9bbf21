import type { App } from './contract.ts'

const hello: App = (_session, { method }) => {
  if (method !== 'GET' && method !== 'HEAD') {
    return [405, 'Method Not Allowed', { allow: 'GET, HEAD' }, null]
  }
  const body = Buffer.from('hello, world')
  const fields = { 'content-length': body.length, 'content-type': 'text/plain' }
  return [200, 'OK', fields, method === 'GET' ? body : null]
}

export default hello
