export class Refusal extends Error {
  readonly status: string

  constructor(status: string, message: string) {
    super(message)
    this.status = status
  }
}

export const BAD_REQUEST = '400 Bad Request'
export const NOT_IMPLEMENTED = '501 Not Implemented'
