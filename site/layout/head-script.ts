import { createHash } from 'node:crypto'

/** Where the reader's choice of colours is kept; no entry means: as the system says. */
export const THEME_KEY = 'port-12345-theme'

const STATEMENTS = [
  // The style sheet may count on scripts: what needs one takes its room from the start.
  'e.classList.add(\'js\')',
  // Nobody who chose dark sees a white flash. Storage may be closed to the page.
  `try{var t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')e.dataset.theme=t}catch(_){}`,
  // A browser unpacks a font when a text first asks for it, a frame too late: the text would move.
  'd.fonts.forEach(function(f){f.load()})',
]

/**
 * Runs in the head, behind the style sheets and before anything is painted. It is the same on every
 * page, so that a server can name it by its hash.
 */
export const HEAD_SCRIPT = `(function(e,d){${STATEMENTS.join(';')}})(document.documentElement,document)`

/** What the content security policy calls that script. */
export const HEAD_SCRIPT_HASH = `'sha256-${createHash('sha256').update(HEAD_SCRIPT).digest('base64')}'`
