export class GrowingBuffer {
  private room = Buffer.alloc(0)
  private start = 0
  private end = 0

  get waiting(): Buffer {
    return this.room.subarray(this.start, this.end)
  }

  add(piece: Buffer): void {
    if (this.end + piece.length > this.room.length) {
      const { waiting } = this
      this.room = Buffer.alloc(4096 + 2 * (waiting.length + piece.length))
      this.end = waiting.copy(this.room)
      this.start = 0
    }
    this.end += piece.copy(this.room, this.end)
  }

  take(size: number): Buffer {
    const taken = this.waiting.subarray(0, size)
    this.start += taken.length
    return taken
  }
}
