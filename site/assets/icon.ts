/**
 * The mark of Port 12345: a port seen from the sea, two breakwaters round an opening, and in it the
 * red light that stands on the port side.
 */
export const MARK = `<circle cx="16" cy="16" r="12" fill="none" stroke="currentColor" stroke-width="3.2" stroke-dasharray="56.5 18.9" stroke-dashoffset="-9.4"/><circle class="light" cx="16" cy="16" r="4.2"/>`

/** The icon that browsers show in a tab. It cannot see the page's colours, so it brings its own. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#16283a"/>`
  + `<g color="#fdfcf9" transform="translate(2.4 2.4) scale(.85)">${MARK.replace('class="light"', 'fill="#ff7a5c"')}</g></svg>\n`
