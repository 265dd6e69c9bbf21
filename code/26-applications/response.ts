export type Fields = Record<string, string | number>

export function responseHead(status: string, fields: Fields): string {
  const lines = [`HTTP/1.1 ${status}`, `Date: ${new Date().toUTCString()}`]
  for (const [name, value] of Object.entries(fields)) {
    lines.push(`${name}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
