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
 * Each experiment has a folder that looks like the project's root, and writes there: what lies in the root is the
 * reader's, and may not be ours to write. Where the commands of a lesson make keys and certificates it has a
 * `certs/` of its own with them, unless the experiment itself says `mkdir certs`.
 * @param papers what its commands have made by the end of the lesson
 */
export function sceneOf(papers: readonly PaperSet[], root: string): Scene {
  const needsPapers = papers.length > 0
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
    missing: !needsPapers || noOpenssl() === undefined ? [] : ['openssl'],
    async folderFor(experiment) {
      const folder = mkdtempSync(join(scratch, 'root-'))
      for (const entry of readdirSync(root, { withFileTypes: true })) {
        const { name } = entry
        if (name !== 'certs' && (!entry.isFile() || name.endsWith('.json'))) symlinkSync(join(root, name), join(folder, name))
      }
      const makesItsOwn = experiment.steps.some(({ kind, text }) => kind === 'start' && MAKES_ITS_OWN_RE.test(text))
      if (needsPapers && !makesItsOwn) {
        copied ??= made()
        copyPapers(await copied, folder)
      }
      return folder
    },
    leave,
  }
}
