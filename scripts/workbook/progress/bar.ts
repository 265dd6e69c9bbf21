/** A bar of plain characters that is exactly `columns` wide: `[#####>-----------]`. */
export function bar(done: number, all: number, columns: number): string {
  const room = Math.max(0, columns - 2)
  const filled = all === 0 ? 0 : Math.floor(room * Math.min(done, all) / all)
  const head = filled < room && filled > 0 ? '>' : ''
  return `[${'#'.repeat(Math.max(0, filled - head.length))}${head}${'-'.repeat(room - filled)}]`
}
