import type { Readable } from 'node:stream'

/** Where keys come from: a terminal, or something that is none. */
export type Keyboard = Readable & { isTTY?: boolean, setRawMode?: (raw: boolean) => unknown }

/**
 * Tells of each key as it is pressed, without Enter: letters as small ones, Ctrl-C as `\x03`.
 * Something that is no terminal is left alone, for it may be another program's.
 */
export function keysOf(input: Keyboard, onKey: (key: string) => void): { there: boolean, close: () => void } {
  if (!input.isTTY || !input.setRawMode) return { there: false, close() {} }
  const onData = (data: Buffer) => {
    // One piece holds a key, or several that were pressed fast; an arrow is a piece that begins with ESC.
    const text = String(data)
    if (!text.startsWith('\x1b')) [...text.toLowerCase()].forEach(onKey)
  }
  input.setRawMode(true)
  input.on('data', onData)
  input.resume()
  return {
    there: true,
    close() {
      input.off('data', onData)
      input.setRawMode?.(false)
      input.pause()
    },
  }
}
