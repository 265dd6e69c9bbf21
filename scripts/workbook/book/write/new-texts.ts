import { stringify } from 'yaml'
import { NOTHING } from '../list.ts'
import type { PartPlan } from '../parts.ts'

/** A lesson that nobody has written yet. */
export interface NewLesson {
  number: number
  slug: string
  /** `21-messages-in-a-stream` */
  name: string
  title: string
  part: string
  /** The program that begins with it, if one does. */
  begins?: string
}

/** Stands wherever something is to be written; a test sees to it that none is left. */
export const FILL_IN = 'FILL IN'

/** lessons/NN-slug.md */
export function textOf(lesson: NewLesson): string {
  const { slug, title, part, number, begins } = lesson
  const keys = {
    id: slug, title, part, summary: `${FILL_IN}: what the reader will know at the end, as one line.`, minutes: 15,
    ...(begins !== undefined && number > 1 && { from: NOTHING }),
  }
  const shown = begins === undefined
    ? `${FILL_IN}: the new lines, each fence after its reason. Every line that is new in
\`code/${lesson.name}/\` is shown here or its file is given; nothing is new so far.`
    : `${FILL_IN}: another program begins here. Say what becomes of the one before, and
build this one piece by piece.

\`\`\`ts server.ts
${serverText()}\`\`\``
  return `---
${stringify(keys)}---

${FILL_IN}: what will run at the end of this lesson.

## ${FILL_IN}: what breaks

${FILL_IN}: where the program so far is not enough, and how that looks in a terminal.

## ${FILL_IN}: what mends it

${shown}

${FILL_IN}: an experiment that shows it. \`npm run try ${number}\` plays it.

## What is still wrong

${FILL_IN}: a recap of three lines, and the door to the next lesson.
`
}

/** lessons/parts/N-slug.md */
export function partText({ name, promise }: PartPlan): string {
  return `---
${stringify({ title: name, summary: promise })}---

${FILL_IN}: what the reader will build in this part, and what for. With nothing
below the front matter the part has no page.
`
}

/** A small server for a program that begins anew. */
export function serverText(): string {
  return `import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

const SERVER_NAME = '127.0.0.1'
const SERVER_PORT = 12345

async function startServer(): Promise<void> {
  await initializeServerSocket()
}

async function initializeServerSocket(): Promise<Server> {
  const sock = createServer(handleClient)
  sock.listen({ host: SERVER_NAME, port: SERVER_PORT })
  await once(sock, 'listening')
  return sock
}

function handleClient(conn: Socket): void {
  conn.on('error', () => {})
  conn.end()
}

console.log(\`Starting server on port \${SERVER_PORT}\`)
try {
  await startServer()
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  console.error(\`Port \${SERVER_PORT} is taken: stop the program that has it\`)
  process.exitCode = 1
}
`
}

/** The files of tests/lessons/NN-slug/, by name. */
export function roomTexts({ number, slug, name, begins }: NewLesson): Record<string, string> {
  const story = slug.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^(\d)/, 'lesson$1')
  const anew = begins === undefined
    ? ''
    : `  // What earlier programs promised ends here.
  begins: '${begins}',
  // ${FILL_IN}: the promises of theirs that hold for this program too, imported from their rooms.
  keeps: [],
  // ${FILL_IN}: how one sees that a plain client is served.
  async ready({ serve, connect }) {
    await serve()
    await connect()
  },
`
  return {
    'lesson.ts': `import { lesson } from '#workbook/check/lesson.ts'
import { behaviours } from './behaviours.ts'
import { exercises } from './exercises.ts'
import { mistakes } from './mistakes.ts'

export default lesson({
${anew}  behaviours,
  exercises,
  mistakes,
})
`,
    'behaviours.ts': `import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'

// ${FILL_IN}: a short story on a real socket for each thing that begins to hold in lesson ${number}. The program of
// this lesson keeps it, and the one of the lesson before does not. Most begin like this:
//
//   async story({ serve, connect }) {
//     await serve()
//     const peer = await connect()
//     await peer.send('Hello\\n')
//     await peer.receives('Hello\\n')
//   }

export const ${story}: Behaviour = {
  id: '${slug}',
  title: '${FILL_IN}: what holds, as one line without a full stop',
  async story() {
    throw new Failure('other', 'this story is not written yet: see tests/lessons/${name}/behaviours.ts')
  },
}

/** What begins to hold in lesson ${number}. */
export const behaviours: readonly Behaviour[] = [${story}]
`,
    'mistakes.ts': `import type { Mistake } from '#workbook/check/explain/mistake.ts'

// ${FILL_IN}: what goes wrong often, each with the words that name it and the change of the book's program that makes
// it; \`change\` is in #workbook/check/change.ts:
//
//   {
//     id: 'swallows-the-rest',
//     of: [aStory],
//     find: ({ kind }) => kind === 'silence' ? 'what follows the first message is thrown away' : undefined,
//     wrong: [{ breaks: aStory, program: [change('server.ts', 'what stands there once', 'what is wrong')] }],
//   },

/** What goes wrong in lesson ${number}. */
export const mistakes: readonly Mistake[] = []
`,
    'exercises.ts': `import type { Exercise } from '#workbook/check/lesson.ts'

// ${FILL_IN}: what of the lesson's exercises can be checked, by the titles of their boxes, each with its solution:
//
//   { id: 'number-your-guests', behaviours: [numbered], solution: [change('server.ts', 'from', 'to')] },

/** What the exercises of lesson ${number} ask for. */
export const exercises: readonly Exercise[] = []
`,
    'hints.yaml': [
      'a nudge, most often a question: what should the reader look at?',
      'where to look in the program, and what is to be seen there.',
      'nearly the answer.',
    ].map(what => `- for: [${slug}]\n  text: |\n    ${FILL_IN}: ${what}\n`).join('\n'),
  }
}
