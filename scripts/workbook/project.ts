import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json: of the workbook that runs, whichever book it looks at. */
export const PROJECT_ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
