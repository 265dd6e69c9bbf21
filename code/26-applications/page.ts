import type { AppRequest } from './contract.ts'

export function pageFor({ method, uri, headers }: AppRequest): string {
  const rows = Object.entries(headers).map(([name, value]) =>
    `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`)
  return `<!doctype html>
<html lang="es">
<meta name="viewport" content="width=device-width">
<title>Hasta mañana</title>
<style>td { overflow-wrap: anywhere; vertical-align: top }</style>
<h1>¡Hasta mañana!</h1>
<p>${escaped(`${method} ${uri}`)}</p>
<table>
${rows.join('\n')}
</table>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)
}
