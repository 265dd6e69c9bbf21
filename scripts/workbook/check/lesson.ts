import type { PaperSet } from '../certs/commands.ts'
import type { LessonEntry } from '../book/list.ts'
import { didYouMean, Problem } from '../problem.ts'
import type { Behaviour, World } from './behaviour.ts'
import type { Variant, Wrong } from './change.ts'
import type { Mistake } from './explain/mistake.ts'

/** How the programs of a lesson are started and spoken to. Plain data, because it travels to other processes. */
export interface Facts {
  /** What a client of server.ts speaks. */
  speaks: 'tcp' | 'tls'
  /** What client.ts speaks, and so a server in the checker's hand. */
  clientSpeaks: 'tcp' | 'tls'
  /** Clients show a certificate of their own. */
  clientShowsPapers: boolean
  /** The keys and certificates that the commands of the text have made by the end of the lesson. */
  papers: readonly PaperSet[]
  /** Programs find these in `certs/` where they are started; else a story makes what it needs. */
  findsPapers: boolean
  /** The arguments of server.ts where it only has to serve, as many clients as may come. */
  serving: readonly string[]
}

/** An exercise at the end of a lesson that can be checked: `npm run check 6 -- --exercise shout`. */
export interface Exercise {
  /** Made of the title of its box, as a link to it would be: "Number your guests" is `number-your-guests`. */
  id: string
  /** What holds for a program that solves it; the lesson's own behaviours need not. */
  behaviours: readonly Behaviour[]
  /** The lesson's program with the exercise solved, as its page does. */
  solution?: Variant
}

/** What is promised of the program of one lesson. A fact that it leaves out is as in the lesson before. */
export interface Room extends Partial<Facts> {
  /** The name of the program that begins here: facts and promises of earlier lessons end. */
  begins?: string
  /** The promises of earlier programs that hold for this one as well. */
  keeps?: readonly Behaviour[]
  /** Shows that a plain client is served, on the server of `world.serve()`. @throws Failure when it is not */
  ready?(world: World): Promise<void>
  /** What begins to hold, in the order in which it is told. */
  behaviours: readonly Behaviour[]
  mistakes?: readonly Mistake[]
  /** Programs that must be refused, though no mistake is recognised in them. */
  wrong?: readonly Wrong[]
  /** Programs that are written in another way than the book's and must be taken. */
  unusual?: readonly Unusual[]
  exercises?: readonly Exercise[]
  /** The parts of `npm run bench` that measure its program, each with the arguments of server.ts there. */
  measured?: Readonly<Record<string, readonly string[]>>
}

/** A right program that few would write. */
export interface Unusual {
  name: string
  program: Variant
  /** What is told to it; all that holds in the lesson unless given. */
  holds?: readonly Behaviour[]
}

/** The room of a lesson, `tests/lessons/NN-slug/lesson.ts`. */
export function lesson(room: Room): Room {
  return room
}

/** A lesson with all that holds in it: its own room, and what the earlier ones hand on. */
export interface CheckedLesson {
  number: number
  /** `06-echo` */
  folder: string
  facts: Facts
  ready: NonNullable<Room['ready']>
  /** What begins to hold in it. */
  own: readonly Behaviour[]
  /** All that holds in it: its own first, then what earlier lessons promised. */
  behaviours: readonly Behaviour[]
  /** In the order in which they are looked for. */
  mistakes: readonly Mistake[]
  exercises: readonly Exercise[]
  unusual: readonly Unusual[]
  /** As in Room. */
  measured: Readonly<Record<string, readonly string[]>>
  /** Where each behaviour of the book began to hold, by id: its hints are there, and what its program spoke. */
  began: ReadonlyMap<string, Beginning>
}

/** The lesson in which a behaviour began to hold. */
export interface Beginning {
  number: number
  facts: Facts
}

/** A wrong program with all that a proof of it needs. */
export interface WrongProgram extends Wrong {
  /** `closes-too-soon/break`, the mistake and the way; the way alone where no mistake is recognised. */
  id: string
  mistake?: Mistake
  lesson: number
}

/** All that a check knows of the lessons. */
export interface Content {
  lessons: readonly CheckedLesson[]
  /** Every wrong program of the book. */
  wrong: readonly WrongProgram[]
  /** The module that a process runs which tells their stories in a network of its own: see serveLane(). */
  lane: string
}

const AT_FIRST: Facts = {
  speaks: 'tcp', clientSpeaks: 'tcp', clientShowsPapers: false, papers: [], findsPapers: false, serving: [],
}

/**
 * Puts the rooms together: the only place that knows what a lesson takes from those before it.
 * @param rooms by their folders, in the order of the lessons
 * @param shared mistakes that may be made in any lesson
 */
export function contentOf(rooms: Readonly<Record<string, Room>>, shared: readonly Mistake[], lane: string): Content {
  const lessons: CheckedLesson[] = []
  const began = new Map<string, Beginning>()
  const all = Object.entries(rooms)
  const mistakes = ranked([...all.flatMap(([, room]) => room.mistakes ?? []), ...shared])
  let facts = AT_FIRST
  let ready: CheckedLesson['ready'] = async () => {}
  let promised: Behaviour[] = []
  for (const [folder, room] of all) {
    const number = Number.parseInt(folder)
    if (room.begins !== undefined) {
      facts = AT_FIRST
      ready = async () => {}
      promised = [...room.keeps ?? []]
    }
    facts = factsOf(room, facts)
    ready = room.ready ?? ready
    for (const { id } of storiesOf(room)) began.set(id, { number, facts })
    const inherited = promised.filter(({ to = Infinity, except }) => number <= to && number !== except)
    lessons.push({
      number, folder, facts, ready, mistakes, began,
      own: room.behaviours,
      behaviours: [...room.behaviours, ...inherited],
      exercises: room.exercises ?? [],
      unusual: room.unusual ?? [],
      measured: room.measured ?? {},
    })
    promised.push(...room.behaviours)
  }
  return { lessons, wrong: wrongOf(all, shared), lane }
}

type NamedRoom = readonly [folder: string, room: Room]

function wrongOf(rooms: readonly NamedRoom[], shared: readonly Mistake[]): WrongProgram[] {
  const made = (number?: number) => (mistake: Mistake) => (mistake.wrong ?? []).map(wrong => {
    const lesson = wrong.lesson ?? number
    const id = wrong.name === undefined ? mistake.id : `${mistake.id}/${wrong.name}`
    if (lesson === undefined) throw new Error(`the wrong program ${id} names no lesson, and belongs to none`)
    return { ...wrong, id, mistake, lesson }
  })
  const nameless = (number: number) => (wrong: Wrong) =>
    ({ lesson: number, ...wrong, id: wrong.name ?? wrong.breaks.id })
  return [
    ...shared.flatMap(made()),
    ...rooms.flatMap(([folder, { mistakes = [], wrong = [] }]) => {
      const number = Number.parseInt(folder)
      return [...mistakes.flatMap(made(number)), ...wrong.map(nameless(number))]
    }),
  ]
}

/** All stories that can be told of a lesson: what holds in it, and its exercises. */
export function storiesOf({ behaviours, exercises = [] }: Pick<Room, 'behaviours' | 'exercises'>): Behaviour[] {
  return [...behaviours, ...exercises.flatMap(exercise => exercise.behaviours)]
}

function factsOf(room: Room, before: Facts): Facts {
  const names = Object.keys(AT_FIRST) as (keyof Facts)[]
  const own = names.filter(name => room[name] !== undefined).map(name => [name, room[name]])
  return { ...before, ...Object.fromEntries(own) }
}

// What explains the others comes first: a program that has crashed has also printed nothing.
const RANKS = ['language', 'lesson', 'general'] as const

function ranked(mistakes: readonly Mistake[]): Mistake[] {
  return RANKS.flatMap(rank => mistakes.filter(mistake => (mistake.rank ?? 'lesson') === rank))
}

/**
 * The room of a lesson.
 * @returns one in which nothing holds, where the lesson has none yet
 */
export function roomOf({ lessons }: Content, { number, folder }: Pick<LessonEntry, 'number' | 'folder'>): CheckedLesson {
  return lessons.find(lesson => lesson.number === number) ?? {
    number, folder, facts: AT_FIRST, ready: async () => {}, began: new Map(),
    own: [], behaviours: [], mistakes: [], exercises: [], unusual: [], measured: {},
  }
}

/**
 * The exercise of a lesson that a word on the command line means.
 * @throws Problem with exit code 2, naming the nearest
 */
export function findExercise(word: string, { number, exercises }: CheckedLesson): Exercise {
  const found = exercises.find(exercise => exercise.id === word)
  if (found) return found
  throw new Problem(`lesson ${number} has no exercise "${word}" that can be checked`, {
    exitCode: 2, remedy: didYouMean(word, exercises.map(exercise => exercise.id)),
  })
}
