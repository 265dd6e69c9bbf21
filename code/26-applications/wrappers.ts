export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

class Wrapper {
  private readonly pieces: Pieces

  constructor(pieces: Pieces) {
    this.pieces = pieces
  }

  async* [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield* this.pieces
  }
}

class SizedWrapper extends Wrapper {
  readonly length: number

  constructor(pieces: Pieces, length: number) {
    super(pieces)
    this.length = length
  }
}

// A stream, such as the body of a request, and whatever else has pieces.
export class Body extends SizedWrapper {}
export class BodyIter extends SizedWrapper {}
export class ChunkedBody extends Wrapper {}
export class ChunkedBodyIter extends Wrapper {}
