import { readOptions } from './workbook/workspace/options.ts'

/** The commands, in the order in which a reader needs them. */
export const HELP = `Port 12345, a networking workbook that you run

Read
  npm start                  the book, on http://127.0.0.1:4321
Run
  npm run lesson             which lessons there are
  npm run lesson:6           runs the program of lesson 6
  npm run try 6              plays the experiments of lesson 6
  npm run doctor             which tools this machine has, and where to get more
  npm run certs              makes the keys and certificates of lessons 16 on
  npm run nc -- -N 127.0.0.1 12345   the workbook's own nc
Write
  npm run begin              makes workspace/, the folder for your own code
  npm run mine               runs your server.ts (mine client: your client.ts)
  npm run check              checks the lesson you are on (check 5: lesson 5)
  npm run check -- --watch   checks again whenever you save, or press r
  npm run hint               one more hint for what failed last
  npm run compare            your files against the book's, once they pass
  npm run next               on to the next lesson (next 6: to lesson 6)
  npm run catch-up 6         the program as it stands before lesson 6
  npm run progress           what is done; -- --export FILE, -- --import FILE

To prove or to change the book, see CONTRIBUTING.md.`

/** `npm run help` says which commands there are. */
export async function main(argv: string[]): Promise<number> {
  readOptions(argv, {}, 'npm run help')
  console.log(HELP)
  return 0
}
