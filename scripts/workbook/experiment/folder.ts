import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PaperSet } from '../certs/commands.ts'
import { copyPapers, makePapers, noOpenssl } from '../certs/make.ts'
import type { Experiment } from './parse.ts'

const MAKES_ITS_OWN_RE = /^mkdir certs\b/

/** Where the experiments of a lesson happen. */
export interface Scene {
  /** The folder in which the commands of an experiment run. */
  folderFor(experiment: Experiment): Promise<string>
  /** What this machine lacks to prepare it. */
  missing: readonly string[]
  /** Removes what was made for them. */
  leave(): void
}

/**
 * The project's root, where the commands of a lesson need no papers. Where they make keys and certificates, the
 * reader's own must not be among them: each experiment has a folder that looks like the root, with a
 * `certs/` of its own in it, unless the experiment itself says `mkdir certs`.
 * @param papers what its commands have made by the end of the lesson
 */
export function sceneOf(papers: readonly PaperSet[], root: string): Scene {
  if (papers.length === 0) return { missing: [], folderFor: async () => root, leave: () => {} }
  const scratch = mkdtempSync(join(tmpdir(), 'port-12345-try-'))
  const leave = () => {
    process.off('exit', leave)
    rmSync(scratch, { recursive: true, force: true })
  }
  process.on('exit', leave)
  let copied: Promise<string> | undefined
  const made = async () => {
    const folder = mkdtempSync(join(scratch, 'papers-'))
    await makePapers(folder, { sets: papers })
    return folder
  }
  return {
    missing: noOpenssl() === undefined ? [] : ['openssl'],
    async folderFor(experiment) {
      const folder = mkdtempSync(join(scratch, 'root-'))
      for (const name of readdirSync(root)) {
        if (name !== 'certs') symlinkSync(join(root, name), join(folder, name))
      }
      if (!experiment.steps.some(({ kind, text }) => kind === 'start' && MAKES_ITS_OWN_RE.test(text))) {
        copied ??= made()
        copyPapers(await copied, folder)
      }
      return folder
    },
    leave,
  }
}
