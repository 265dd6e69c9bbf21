import { stamp } from './stamp.ts'

process.on('disconnect', () => {})
process.on('message', (message: string) => {
  process.send?.(stamp(message))
})
setInterval(() => {}, 1000)
