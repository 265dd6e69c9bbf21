import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Problem } from '../../problem.ts'

/**
 * Makes sure that there is a program to check.
 * @throws Problem saying what is missing, and what to do
 */
export function expectProgram(folder: string, root: string, lesson: number): void {
  const inside = relative(root, folder) || '.'
  const name = inside.startsWith('..') ? folder : inside
  const again = `npm run check ${lesson}`
  const isWorkspace = name === 'workspace'
  const stats = statOr(folder)
  if (!stats) {
    throw new Problem(`there is no folder ${name}/`, {
      remedy: isWorkspace ? 'npm run begin makes it, and says what comes first.' : 'Check its name after --of.',
    })
  }
  if (!stats.isDirectory()) throw new Problem(`${name} is a file, and should be a folder with a server.ts in it`)
  const file = `${name}/server.ts`
  const server = statOr(join(folder, 'server.ts'))
  if (!server) {
    const others = readdirSync(folder).filter(other => /\.(?:ts|js|mjs)$/.test(other)).slice(0, 5)
    throw new Problem(`there is no ${file}${others.length > 0 ? `; there is ${others.join(', ')}` : ''}`, {
      remedy: isWorkspace ? `Make that file and type the lesson's program into it, then: ${again}` : 'Check the folder after --of.',
    })
  }
  if (server.isDirectory()) throw new Problem(`${file} is a folder, and should be a file`, { remedy: `Move it away and make the file, then: ${again}` })
  for (const program of readdirSync(folder).filter(other => other.endsWith('.ts') && statOr(join(folder, other))?.isFile())) {
    try {
      accessSync(join(folder, program), constants.R_OK)
    } catch {
      throw new Problem(`${name}/${program} cannot be read: you have no permission`, { remedy: `chmod u+r ${name}/${program}` })
    }
  }
}

function statOr(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
