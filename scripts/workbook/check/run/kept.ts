import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PaperSet } from '../../certs/commands.ts'
import { makePapers } from '../../certs/make.ts'
import { compiled } from '../../start/typescript/compile-cache.mjs'
import { Guardian } from '../program/guardian.ts'
import { Lane } from './lane.ts'

/**
 * What one check can leave to the next in the same process: lanes that are open, and papers. Whoever makes
 * one closes it.
 */
export class Workshop {
  private readonly home: string
  private readonly lane: string
  private readonly tsx: string
  private readonly outdir = mkdtempSync(join(tmpdir(), 'port-12345-workshop-'))
  private readonly made: string
  private readonly guardian = new Guardian()
  /** Lanes that nobody has; some are still being opened. */
  private readonly lanes: Promise<Lane>[] = []
  private script: Promise<string | undefined> | undefined
  private closed = false

  /**
   * @param home the workbook that the checker belongs to
   * @param lane as in Content
   * @param tsx where tsx is, as a file: address
   * @param shared a folder in which other workshops keep their papers too
   */
  constructor(home: string, lane: string, tsx: string, shared?: string) {
    this.home = home
    this.lane = lane
    this.tsx = tsx
    this.made = shared ?? this.outdir
    this.guardian.removes(this.outdir)
    process.on('exit', this.remove)
  }

  /** Begins to open lanes, until so many are there for whoever takes one later. */
  prepare(count: number): void {
    while (this.lanes.length < count) {
      const lane = this.open()
      // Whoever takes it hears of it.
      lane.catch(() => {})
      this.lanes.push(lane)
    }
  }

  /** An open lane. Nobody else has it until it is given back. */
  async takeLane(): Promise<Lane> {
    const lane = await this.lanes.shift()
    if (lane?.running) return lane
    await lane?.close()
    return await this.open()
  }

  /** Takes a lane back, and ends all that it has started; itself too if it is in the middle of a story. */
  async giveBack(lane: Lane): Promise<void> {
    if (await lane.clear() && !this.closed) this.lanes.push(Promise.resolve(lane))
    else await lane.close()
  }

  /**
   * A folder with these papers in its `certs/`; what is missing in it is made.
   * @throws Problem as makePapers() does
   */
  async papers(sets: readonly PaperSet[]): Promise<string> {
    const folder = join(this.made, ['papers', ...sets].join('-'))
    if (existsSync(folder)) return folder
    mkdirSync(this.made, { recursive: true })
    const fresh = mkdtempSync(join(this.made, 'new-'))
    try {
      await makePapers(fresh, { sets })
      // Another process may have made the same meanwhile.
      if (!existsSync(folder)) renameSync(fresh, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
    return folder
  }

  /** Ends everything that was opened here. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.lanes.splice(0).map(async lane => (await lane.catch(() => undefined))?.close()))
    this.guardian.dismiss()
    process.off('exit', this.remove)
    this.remove()
  }

  private async open(): Promise<Lane> {
    // Several that are opened at once want the same made.
    this.script ??= compiled(this.lane).finally(() => this.script = undefined)
    const script = await this.script
    return new Lane(script === undefined ? ['--import', this.tsx, this.lane] : ['--enable-source-maps', script], this.home, this.guardian)
  }

  private readonly remove = (): void => rmSync(this.outdir, { recursive: true, force: true })
}
