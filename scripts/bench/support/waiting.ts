import type { Readable } from 'node:stream'

/** In milliseconds: what is waited for comes much sooner. */
const DEADLINE = 60_000

/** What a stream brings, line by line, so that somebody can wait for one of them. */
export interface Lines {
  /**
   * The next line that fits, passing over others.
   * @throws Error with what came instead, when the stream ends or nothing comes in time
   */
  next: (fits: (line: string) => boolean) => Promise<string>
}

export function linesOf(stream: Readable): Lines {
  const lines: string[] = []
  let ended = false
  let partial = ''
  let wake = () => {}
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const pieces = (partial + text).split('\n')
    partial = pieces.pop() ?? ''
    lines.push(...pieces)
    wake()
  })
  stream.on('close', () => {
    ended = true
    wake()
  })
  return {
    async next(fits) {
      const passed: string[] = []
      const deadline = performance.now() + DEADLINE
      for (;;) {
        for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
          if (fits(line)) return line
          passed.push(line)
        }
        if (ended || performance.now() > deadline) throw new Error(`waited in vain; what came: ${passed.join('\n') || 'nothing'}`)
        await new Promise<void>(resolve => {
          wake = resolve
          setTimeout(resolve, DEADLINE).unref()
        })
      }
    },
  }
}
