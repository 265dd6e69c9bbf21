import { parentPort } from 'node:worker_threads'
import { stamp } from './stamp.ts'

parentPort?.on('message', (message: Buffer) => {
  parentPort?.postMessage(stamp(message.toString()))
})
