// Cuts fonts down, on a core of its own: it takes half a second, in which the main thread highlights.
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import subsetFont from 'subset-font'

const { sources, characters, features } = workerData

for (const source of sources) {
  parentPort.postMessage(await subsetFont(readFileSync(source), characters, { targetFormat: 'woff2', keepFeatures: features }))
}
