import type { Behaviour } from './behaviour.ts'
import { partOne } from './part-one.ts'

/** Every behaviour of the book, in the order of the lessons in which they begin to hold. */
export const BEHAVIOURS: readonly Behaviour[] = [...partOne]
