import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { holdsIn, type Behaviour, type World } from './behaviour.ts'
import { Failure } from './failure.ts'
import { Peer } from './peer.ts'
import { Program } from './program.ts'
import { Random } from './random.ts'
import type { Verdict } from './verdict.ts'

/** The port of the lessons. */
export const PORT = 12345

/**
 * Tells a behaviour's story to the program in `folder`.
 * Every process and connection of the story is gone when this resolves.
 */
export async function prove(behaviour: Behaviour, folder: string, seed: number): Promise<Verdict> {
  const base = { id: behaviour.id, title: behaviour.title, seed }
  if (behaviour.platforms && !behaviour.platforms.includes(process.platform)) {
    return { ...base, status: 'not proved', reason: `it can be seen on ${behaviour.platforms.join(', ')} only` }
  }
  const programs: Program[] = []
  const peers: Peer[] = []
  const servers: Server[] = []
  const conns: Socket[] = []
  const world: World = {
    random: new Random(seed),
    start(file = 'server.ts', args = []) {
      const program = new Program(folder, file, args)
      programs.push(program)
      return program
    },
    async serve() {
      const program = world.start()
      await program.listening(PORT)
      return program
    },
    async connect(ms) {
      const peer = await Peer.connect(PORT, ms)
      peers.push(peer)
      return peer
    },
    async answer(handler) {
      const server = createServer({ allowHalfOpen: true }, conn => {
        conn.on('error', () => {})
        conns.push(conn)
        handler(conn)
      })
      servers.push(server)
      server.listen(PORT, '127.0.0.1')
      await once(server, 'listening')
    },
  }
  try {
    await behaviour.story(world)
    return { ...base, status: 'held' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { ...base, status: 'failed', reason: error.message }
  } finally {
    for (const one of [...peers, ...conns]) one.destroy()
    for (const server of servers) server.close()
    await Promise.all(programs.map(program => program.kill()))
  }
}

/** The behaviours of a lesson: its own first, then those of earlier lessons that still hold. */
export function behavioursOf(lesson: number, all: readonly Behaviour[]): Behaviour[] {
  const holding = all.filter(behaviour => holdsIn(behaviour, lesson))
  return [
    ...holding.filter(behaviour => behaviour.from === lesson),
    ...holding.filter(behaviour => behaviour.from !== lesson),
  ]
}
