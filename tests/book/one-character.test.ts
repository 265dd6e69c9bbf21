import { expect, test } from 'vitest'
import { readWorkbook } from '../../scripts/workbook/book/read.ts'
import { copyOfBook } from '../support/book.ts'
import { workbook } from '../support/command.ts'

/** What reading the book says about it. */
function read(root: string): string {
  try {
    readWorkbook(root)
    return ''
  } catch (error) {
    return String(error)
  }
}

test('the book as it stands is whole', () => {
  expect(read(copyOfBook().root)).toBe('')
})

test('one character of a snippet', () => {
  const { root, edit } = copyOfBook()
  const line = edit('lessons/06-echo.md', 'if (!conn.write(data)) await once(conn, \'drain\')\n    }\n    conn.end()', 'if (!conn.write(data)) await once(conn, \'drains\')\n    }\n    conn.end()')
  expect(read(root)).toContain(`lessons/06-echo.md:${line}: this line is not in server.ts`)
})

test('one character of a program', () => {
  const { root, edit } = copyOfBook()
  edit('code/06-echo/server.ts', 'backlog: 5 }', 'backlog: 6 }')
  const said = read(root)
  expect(said).toMatch(/^code\/06-echo\/server\.ts:15: no snippet of lessons\/06-echo\.md shows this new line/m)
  expect(said).toContain('code/07-a-client-of-our-own/server.ts:15:')
})

test('one line smuggled into a program', () => {
  const { root, edit } = copyOfBook()
  edit('code/04-the-accept-loop/server.ts', 'return sock', 'sock.unref()\n  return sock')
  expect(read(root)).toContain('code/04-the-accept-loop/server.ts:16: no snippet of lessons/04-the-accept-loop.md shows this new line: "sock.unref()"')
})

test('one line of the lesson before lost', () => {
  const { root, edit } = copyOfBook()
  edit('code/05-a-client-handler/server.ts', '  process.exitCode = 1\n', '')
  expect(read(root)).toContain('is gone, and no snippet of lessons/05-a-client-handler.md shows the place')
})

test('one character of a link', () => {
  const { root, edit } = copyOfBook()
  const line = edit('lessons/03-the-backlog.md', '02-a-listening-socket.md#who-answered', '02-a-listening-socket.md#who-answerd')
  expect(read(root)).toBe(`lessons/03-the-backlog.md:${line}: lessons/02-a-listening-socket.md has no "#who-answerd". Did you mean "who-answered"? ${read(root).replace(/^.*\? /, '')}`)
})

test('one character of a link into the code', () => {
  const { root, edit } = copyOfBook()
  const line = edit('lessons/06-echo.md', '../code/06-echo/server.ts', '../code/06-echo/serve.ts')
  expect(read(root)).toMatch(`lessons/06-echo.md:${line}: the link ../code/06-echo/serve.ts points to nothing. Did you mean "code/06-echo/server.ts"?`)
})

test('one character of a figure\'s name', () => {
  const { root, edit } = copyOfBook()
  edit('lessons/02-a-listening-socket.md', 'figures/handshake.svg', 'figures/handshak.svg')
  expect(read(root)).toContain('the link figures/handshak.svg points to nothing')
})

test('one character of a transcript', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  const line = edit('lessons/06-echo.md', 'client | Hello yourself', 'client | Hello yourselg')
  const { code, stdout } = await workbook(['try', '6', '--only', 'One client says hello', '--json'], { root })
  expect(code).toBe(1)
  expect(stdout).toContain(`lessons/06-echo.md:${line}:8: in the terminal \\"client\\" expected the line \\"Hello yourselg\\", printed was \\"Hello yourself\\"`)
})

test('one character of an exit code', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  const line = edit('lessons/01-a-name-and-a-number.md', 'server = 0', 'server = 1')
  const { code, stdout } = await workbook(['try', '1', '--only', 'starts, and ends', '--json'], { root })
  expect(code).toBe(1)
  expect(stdout).toContain(`lessons/01-a-name-and-a-number.md:${line}:8: in the terminal \\"server\\" expected exit code 1`)
})

test('one character of what a program prints', async () => {
  const { root, edit } = copyOfBook({ commands: true })
  edit('code/01-a-name-and-a-number/server.ts', 'yet`', 'yit`')
  const { code } = await workbook(['try', '1', '--only', 'starts, and ends', '--json'], { root })
  expect(code).toBe(1)
})
