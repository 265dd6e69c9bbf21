// Sizes in bytes, times in milliseconds.
export const LIMITS = {
  requestLine: 8 * 1024,
  fields: 16 * 1024,
  fieldCount: 100,
  chunkLine: 4096,
  extensions: 16 * 1024,
  body: 1024 * 1024,
  skipped: 64 * 1024,
  idleTime: 5000,
  headTime: 10_000,
  bodyTime: 10_000,
  bytesPerMs: 16,
}
