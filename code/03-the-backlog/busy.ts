import './server.ts'

console.log('Too busy to accept anybody for 10 seconds')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000)
console.log('Back at work')
