import type { Request } from './request.ts'

export function pageFor({ method, target, version, fields }: Request): string {
  const rows = [...fields].map(([name, value]) =>
    `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`)
  return `<!doctype html>
<html lang="es">
<meta name="viewport" content="width=device-width">
<title>Hasta mañana</title>
<style>td { overflow-wrap: anywhere; vertical-align: top }</style>
<h1>¡Hasta mañana!</h1>
<p>${escaped(`${method} ${target} ${version}`)}</p>
<table>
${rows.join('\n')}
</table>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
}
