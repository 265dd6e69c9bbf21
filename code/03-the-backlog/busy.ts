import './server.ts'

console.log('Too busy to accept anybody for 20 seconds')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)
console.log('Back at work')
