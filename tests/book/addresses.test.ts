import { describe, expect, test } from 'vitest'
import { parseAddress, printAddress, type Address } from '../../code/13-addresses/address.ts'
import { Random } from '../../scripts/workbook/check/client/random.ts'

// The parser and the printer of lesson 13, which later lessons keep.

const random = new Random(13)
const any = (most: number) => random.next() % most
const group = () => any(65536).toString(16)
const KINDS: readonly (() => Address)[] = [
  () => ({ host: [any(256), any(256), any(256), any(256)].join('.'), port: any(65536) }),
  () => ({ host: Array.from({ length: 8 }, group).join(':'), port: any(65536) }),
  () => ({ host: `2001:db8::${group()}`, port: any(65536) }),
  () => ({ host: `fe80::${group()}%eth${any(9)}.${any(99)}`, port: any(65536) }),
  () => ({ host: `::ffff:127.0.0.${any(256)}`, port: any(65536) }),
  () => ({ path: `/tmp/${group()}/é ${group()}: 🙂.sock` }),
  () => ({ path: `\0${group()}:[${group()}]/..` }),
]

test('what is printed is read back as the same address, and printed the same again', () => {
  for (let round = 0; round < 2000; round++) {
    const address = KINDS[round % KINDS.length]!()
    const text = printAddress(address)
    expect(parseAddress(text)).toEqual(address)
    expect(printAddress(parseAddress(text))).toBe(text)
  }
})

test('of a text with one character changed, either the same is printed or it is refused', () => {
  const letters = '0123456789abcdefxz.:[]%/\\ \n\0-+unix@🙂'
  let read = 0
  for (let round = 0; round < 20_000; round++) {
    const text = printAddress(KINDS[round % KINDS.length]!())
    const at = any(text.length + 1)
    const changed = text.slice(0, at) + letters[any(letters.length)] + text.slice(at + any(2))
    try {
      expect(printAddress(parseAddress(changed))).toBe(changed)
      read++
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_PARSE_ARGS_VALUE', message: expect.not.stringContaining('\n') })
    }
  }
  expect(read).toBeGreaterThan(1000)
})

describe('refused', () => {
  test.each([
    '', ':', ':80', '80', '127.0.0.1', '127.0.0.1:', '127.0.0.1:080', '127.0.0.1:+80', '127.0.0.1:80 ', ' 127.0.0.1:80',
    '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1:8e1', '127.1:80', '0:80', '0x7f.1:80', '0177.0.0.1:80', 'localhost:80',
    '::1:80', '[::1]', '[::1]80', '[::1]:', '[[::1]]:80', '[127.0.0.1]:80', '[::1%]:80', '[fe80::1]:80', '[FEBF::1]:80',
    'unix:', 'unix:x', 'unix:./x', 'unix:/', 'unix:/x/', 'unix://x', 'unix:/x/../y', 'unix:/x/./y', 'unix:/x\n', 'unix:/\0x', 'UNIX:/x',
    `unix:/${'x'.repeat(103)}`, `unix:/${'é'.repeat(52)}`, 'abstract:', 'abstract:\0', `abstract:${'x'.repeat(103)}`, 'http://x',
  ])('%j', text => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'ERR_PARSE_ARGS_VALUE' }))
  })
})
