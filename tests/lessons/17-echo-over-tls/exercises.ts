import type { Behaviour } from '#workbook/check/behaviour.ts'
import { Failure } from '#workbook/check/explain/failure.ts'
import type { Peer } from '#workbook/check/client/peer.ts'
import { PORT } from '#workbook/check/setting.ts'
import { change } from '#workbook/check/change.ts'
import type { Exercise } from '#workbook/check/lesson.ts'

// The stories of lesson 17's exercises.

const SERVER = 'server.ts'
const CLIENT = `openssl s_client -quiet -no_ign_eof -connect 127.0.0.1:${PORT}`
const FEW = ['--max-connections', '5']
const CALLERS = 150
/** As many as may stand at the door, besides those who may be inside. */
const LET_IN = 105

export const howItWasSealed: Behaviour = {
  id: 'exercise-how-it-was-sealed',
  title: 'of each client it prints the version of TLS, and how it is sealed',
  alone: true,
  byHand: run => [run(SERVER), `${CLIENT} -tls1_3`, `${CLIENT} -tls1_2`],
  async story({ start, connect }) {
    const program = start(SERVER)
    await program.listening(PORT)
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      const peer = await connect(undefined, {}, { minVersion: version, maxVersion: version })
      const { cipher } = peer.agreed
      await program.says(`Received new connection from 127.0.0.1:${peer.port}`)
      await program.line(line => cipher.some(name => line === `${version}, ${name}`), `${version}, ${cipher[0]}`)
    }
  },
}

export const crowdAtTheDoor: Behaviour = {
  id: 'exercise-a-crowd-at-the-door',
  title: 'of 150 silent callers 105 may stand at its door, and the others are logged',
  alone: true,
  byHand: run => [run(SERVER, FEW), `for i in $(seq ${CALLERS}); do nc -d 127.0.0.1 ${PORT} & done`],
  async story({ start, call, connect }) {
    const program = start(SERVER, FEW)
    await program.listening(PORT)
    const inside = await connect()
    const callers: Peer[] = []
    for (let count = 0; count < CALLERS; count++) callers.push(await call())
    const open = () => callers.filter(peer => peer.open)
    for (const deadline = Date.now() + 1500; open().length >= LET_IN && Date.now() < deadline;) {
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    const left = open().length
    // The one inside counts as well.
    if (left !== LET_IN - 1) {
      throw new Failure('other', `with ${FEW.join(' ')} and a client inside, ${left} of ${CALLERS} silent callers stand at the door, and ${LET_IN - 1} should`, {
        program, certain: false,
      })
    }
    const out = callers.find(peer => !peer.open)
    await program.says(`Dropped 127.0.0.1:${out?.port}`)
    await inside.send('Hello\n')
    await inside.receives('Hello\n')
    for (const peer of open()) peer.reset()
    // The server hears of it in its own time, and has no room before.
    let late = await connect().catch(doorIsFull)
    for (const deadline = Date.now() + LEAVES * inside.patience; !late && Date.now() < deadline;) {
      late = await connect().catch(doorIsFull)
    }
    late ??= await connect()
    await late.send('Hello\n')
    await late.receives('Hello\n')
  },
}

/** In milliseconds, before patience. */
const LEAVES = 1000

function doorIsFull(error: unknown): undefined {
  if (!(error instanceof Failure) || error.kind !== 'no-handshake') throw error
}

export const onlyTheNewest: Behaviour = {
  id: 'exercise-nothing-but-the-newest',
  title: 'it speaks TLS 1.3 and nothing else',
  alone: true,
  byHand: run => [run(SERVER), `${CLIENT} -tls1_2`],
  async story({ start, connect }) {
    const program = start(SERVER)
    await program.listening(PORT)
    const peer = await connect()
    await peer.send('Hello\n')
    await peer.receives('Hello\n')
    const old = await connect(undefined, {}, { maxVersion: 'TLSv1.2' }).catch((error: unknown) => {
      if (error instanceof Failure && error.kind === 'no-handshake') return undefined
      throw error
    })
    if (old) throw new Failure('other', 'your server has agreed to speak TLS 1.2', { program, peer: old })
  },
}

/** What of the exercises can be checked; the others ask the reader to look at something, or to think. */
export const exercises: readonly Exercise[] = [
  {
    id: 'how-it-was-sealed',
    behaviours: [howItWasSealed],
    solution: [
      change('server.ts', 'type Server }', 'type Server, type TLSSocket }'),
      change('server.ts', 'handleClient(conn: Socket)', 'handleClient(conn: TLSSocket)'),
      change('server.ts', 'clients.add(conn)', 'console.log(`${conn.getProtocol()}, ${conn.getCipher().standardName}`)\n    clients.add(conn)'),
    ],
  },
  {
    id: 'a-crowd-at-the-door',
    behaviours: [crowdAtTheDoor],
    solution: [
      change('server.ts', '  sock.on(\'connection\'', `  sock.maxConnections = maxConnections + 100
  sock.on('drop', ({ remoteAddress: host = '', remotePort: port = 0 } = {}) => {
    console.log(\`Dropped \${printAddress({ host, port })}\`)
  })
  sock.on('connection'`),
    ],
  },
  {
    id: 'nothing-but-the-newest',
    behaviours: [onlyTheNewest],
    solution: [
      change('server.ts', 'TLSv1.2', 'TLSv1.3'),
    ],
  },
]
