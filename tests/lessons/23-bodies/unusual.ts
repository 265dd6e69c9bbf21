import { change } from '#workbook/check/change.ts'
import type { Unusual } from '#workbook/check/lesson.ts'

const SIZE_LINE = '${piece.length.toString(16)}\\r\\n'
const LAST = 'conn.write(\'0\\r\\n\\r\\n\')'

/** Servers that were written in another way. */
export const unusual: readonly Unusual[] = [
  {
    name: 'capitals-extensions-trailers',
    program: [
      change('bodies.ts', SIZE_LINE, '${piece.length.toString(16).toUpperCase().padStart(6, \'0\')};a="b"\\r\\n'),
      change('bodies.ts', LAST, 'conn.write(\'000;last\\r\\nX-Trailer: a\\r\\n\\r\\n\')'),
      change('answers.ts', '\'Transfer-Encoding\': \'chunked\'', '\'transfer-encoding\': \'Chunked\''),
    ],
  },
  {
    name: 'halves-in-one-write',
    program: [
      change('bodies.ts', `    conn.cork()
    conn.write(\`${SIZE_LINE}\`)
    conn.write(piece)
    const room = conn.write('\\r\\n')
    conn.uncork()
`, `    const half = piece.length >> 1
    const parts = [piece.subarray(0, half), piece.subarray(half)]
    const room = conn.write(Buffer.concat(parts.flatMap(part => part.length === 0 ? [] : [
      Buffer.from(part.length.toString(16) + '\\r\\n'), part, Buffer.from('\\r\\n'),
    ])))
`),
    ],
  },
]
