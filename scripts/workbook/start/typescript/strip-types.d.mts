/** A TypeScript file without its types, with the way back to its lines. */
export function javascriptOf(path: string): string
/** The same ahead of time, so that the program finds it. */
export function prepare(path: string, source: string): Promise<void>
