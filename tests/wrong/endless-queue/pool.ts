import { on } from 'node:events'
import { Worker } from 'node:worker_threads'

const THREADS = 2

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
    else queue.push(job)
  })
}

async function nextJob(): Promise<Job> {
  return queue.shift() ?? new Promise(resolve => idle.push(resolve))
}

async function work(): Promise<void> {
  const worker = new Worker(new URL('./stamp-worker.ts', import.meta.url))
  const stamps = on(worker, 'message', { close: ['exit'] })
  for (;;) {
    const { message, resolve, reject } = await nextJob()
    worker.postMessage(message)
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
