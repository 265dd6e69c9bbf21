import { crc32, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { zip } from '../../site/build/archive.ts'

/** Reads an archive as unpackers do: from its end, through its directory, to each entry. */
function unzip(bytes: Uint8Array): Map<string, string> {
  const archive = Buffer.from(bytes)
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const files = new Map<string, string>()
  let at = archive.readUInt32LE(end + 16)
  expect(at + archive.readUInt32LE(end + 12)).toBe(end)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    expect(archive.toString('latin1', at, at + 4)).toBe('PK\x01\x02')
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const entry = archive.readUInt32LE(at + 42)
    expect(archive.toString('latin1', entry, entry + 4)).toBe('PK\x03\x04')
    // What the entry says of itself is what the directory says of it.
    expect(archive.subarray(entry + 4, entry + 30)).toEqual(archive.subarray(at + 6, at + 32))
    const start = entry + 30 + nameLength
    const content = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(at + 20)))
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16))
    expect(content).toHaveLength(archive.readUInt32LE(at + 24))
    files.set(name, String(content))
    at += 46 + nameLength
  }
  return files
}

test('an archive holds its files, whatever they are called and however long they are', () => {
  const files = [
    { name: '06-echo/server.ts', text: 'const port = 12345\n'.repeat(100) },
    { name: '06-echo/leer.txt', text: '' },
    { name: '06-echo/größe.txt', text: 'Größe: ∞\n' },
  ]
  expect([...unzip(zip(files))]).toEqual(files.map(({ name, text }) => [name, text]))
})

test('the same files make the same archive', () => {
  const files = [{ name: 'a', text: 'b' }]
  expect(Buffer.from(zip(files)).equals(Buffer.from(zip(files)))).toBe(true)
})
