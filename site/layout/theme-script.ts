import { createHash } from 'node:crypto'

/** Where the reader's choice of colours is kept; no entry means: as the system says. */
export const THEME_KEY = 'port-12345-theme'

/**
 * Runs before anything is painted, so that nobody who chose dark sees a white flash. It also tells
 * the style sheet that scripts run, so that what needs one takes its room from the start. It is the
 * same on every page, so that a server can name it by its hash.
 */
export const THEME_SCRIPT = `(function(e){e.classList.add('js');try{var t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')e.dataset.theme=t}catch(_){}})(document.documentElement)`

/** What the content security policy calls that script. */
export const THEME_SCRIPT_HASH = `'sha256-${createHash('sha256').update(THEME_SCRIPT).digest('base64')}'`
