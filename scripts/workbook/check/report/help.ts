/** `npm run check -- --help`. */
export const CHECK_HELP = `npm run check [LESSON] [-- OPTIONS]

Tries your program in workspace/ on real sockets: what the lesson promises
first, then what earlier lessons promised and still holds. LESSON is a number
or a name, 6 or echo; without one it is the lesson you are on.

  --watch         again whenever a file in workspace/ changes, or you press r
  --all           goes on after the first thing that does not hold
  --exercise NAME checks an exercise of the lesson instead
  --seed N        the same random bytes as in a run that printed this seed
  --patience N    waits at least N times as long as on an idle machine; without
                  it as long as a busy machine makes necessary
  --of FOLDER     another folder than workspace/
  --of wrong:NAME one of the wrong programs with which the checker is tested,
                  written to .cache/wrong/ first; without a lesson, with its own
  --of solution:NAME   the program of the lesson with an exercise solved
  --json          one object a line instead of the report

A deadline that passes while other programs need the processor proves nothing:
that part is tried again by itself, and may be left unproved.

Exit code: 0 nothing failed, 1 something did, 2 the command was used wrongly.

With --json each line is one behaviour, with these keys; those with ? are left
out where there is nothing to say:

  id         its name, which never changes
  title      what should hold
  status     "held", "failed", "not proved" (this system cannot show it, or it
             is too busy now) or "not run" (something before it failed)
  seed       of its random numbers
  reason?    why it failed or was not proved
  busy?      true where it was not proved because this machine is too busy
  diagnosis? the mistake that was recognised: { id, sentence }
  byHand?    commands that show the same, one for each terminal
  sent?      bytes: { length, from, hex }, hex being at most 512 bytes that
  received?  begin with byte number "from"
  expected?
  differsAt? number of the first byte that differs
  wanted?    the line that should have been printed
  nearest?   the line that was printed and is nearest to it
  waiting?   who waits for whom
  stderr?    what your program wrote to standard error
  hints?     the hints that fit, as Markdown, the first to show first`
