import { PROJECT_ROOT } from './workbook/project.ts'
import { chooseProgram, runProgram } from './workbook/start/run-program.ts'

/**
 * `npm run mine [program] [args…]` runs the reader's own program, workspace/server.ts by default.
 * @throws Problem when it is not there or cannot be read as TypeScript
 */
export async function main(argv: string[], { root = PROJECT_ROOT } = {}): Promise<void> {
  const { program, args } = chooseProgram(root, 'workspace', argv, {
    missing: 'workspace/server.ts is not there',
    remedy: 'Make that file, type a lesson\'s program into it, then: npm run mine',
    again: 'npm run mine',
  })
  await runProgram(root, `workspace/${program}.ts`, args)
}
