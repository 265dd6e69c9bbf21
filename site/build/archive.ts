import { crc32, deflateRawSync } from 'node:zlib'

/** DOS has no time zone: a fixed date makes the same files the same archive everywhere. 1 January 2025. */
const DATE = ((2025 - 1980) << 9) | (1 << 5) | 1
const VERSION = 20
/** Names are UTF-8. */
const FLAGS = 0x0800
const DEFLATED = 8

/**
 * A ZIP archive (PKWARE APPNOTE 6.3), which every system opens without a further tool. The same files
 * give the same bytes.
 */
export function zip(files: readonly { name: string, text: string }[]): Uint8Array {
  const entries: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text } of files) {
    const content = Buffer.from(text)
    const packed = deflateRawSync(content)
    const path = Buffer.from(name)
    // The fields that the entry and its line in the directory share.
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(VERSION, 0)
    shared.writeUInt16LE(FLAGS, 2)
    shared.writeUInt16LE(DEFLATED, 4)
    shared.writeUInt16LE(DATE, 8)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(path.length, 22)
    const entry = Buffer.concat([signature(0x04034b50), shared, path, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([signature(0x02014b50), number16(VERSION), shared, tail, path]))
    entries.push(entry)
    offset += entry.length
  }
  const size = directory.reduce((sum, line) => sum + line.length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...entries, ...directory, signature(0x06054b50), end])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function number16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
