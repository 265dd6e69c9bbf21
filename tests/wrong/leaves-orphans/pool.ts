import { on } from 'node:events'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const THREADS = 2
const PLACES = 4

interface Job {
  message: string
  resolve(stamp: string): void
  reject(error: unknown): void
}

const queue: Job[] = []
const idle: ((job: Job) => void)[] = []

export function stampInPool(message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const job = { message, resolve, reject }
    const take = idle.shift()
    if (take) take(job)
    else if (queue.length < PLACES) queue.push(job)
    else reject(new Error(`${PLACES} are waiting already, come again later`))
  })
}

async function nextJob(): Promise<Job> {
  return queue.shift() ?? new Promise(resolve => idle.push(resolve))
}

async function work(): Promise<void> {
  const file = fileURLToPath(new URL('./stamp-worker.ts', import.meta.url))
  const args = [...process.execArgv, file]
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const
  const worker = spawn(process.execPath, args, { stdio: [...stdio] })
  const stamps = on(worker, 'message', { close: ['exit'] })
  for (;;) {
    const { message, resolve, reject } = await nextJob()
    worker.send(message)
    try {
      const { done, value } = await stamps.next()
      if (done) throw new Error('the thread has ended')
      resolve(value[0])
    } catch (error) {
      return reject(error)
    }
  }
}

async function keepWorking(): Promise<void> {
  for (;;) await work()
}

for (let count = 0; count < THREADS; count++) keepWorking()
