import { Worker } from 'node:worker_threads'

const THREADS = 2
const PLACES = 4

interface Job {
  message: string
  resolve(stamp: string): void
  reject(error: Error): void
}

const queue: Job[] = []
const idle: Worker[] = []
const jobs = new Map<Worker, Job>()

for (let count = 0; count < THREADS; count++) {
  const worker = new Worker(new URL('./stamp-worker.ts', import.meta.url))
  worker.on('message', stamp => {
    jobs.get(worker)?.resolve(stamp)
    jobs.delete(worker)
    idle.push(worker)
    next()
  })
  worker.on('error', error => jobs.get(worker)?.reject(error))
  idle.push(worker)
}

export function stampInPool(message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    if (queue.length >= PLACES) throw new Error('too many are waiting')
    queue.push({ message, resolve, reject })
    next()
  })
}

function next(): void {
  while (idle.length > 0 && queue.length > 0) {
    const worker = idle.shift()
    const job = queue.shift()
    if (!worker || !job) return
    jobs.set(worker, job)
    worker.postMessage(job.message)
  }
}
