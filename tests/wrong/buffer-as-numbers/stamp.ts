import { hash } from 'node:crypto'

export function stamp(message: string): string {
  if (message === '') throw new Error('there is nothing to stamp')
  for (let nonce = 0; ; nonce++) {
    const digest = hash('sha256', `${message}${nonce}`)
    if (digest.startsWith('00000')) return `${nonce} ${digest}`
  }
}
