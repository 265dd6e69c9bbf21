/** The netcats in the world that answer to `nc`. */
export type Flavour = 'OpenBSD' | 'ncat' | 'GNU' | 'traditional' | 'BusyBox' | 'macOS' | 'unknown'

export interface Netcat {
  flavour: Flavour
  version: string | undefined
  /** Whether `-N` half-closes the connection at the end of input. On macOS it means something else. */
  halfCloses: boolean
}

const BANNERS: readonly [Flavour, RegExp][] = [
  ['OpenBSD', /^OpenBSD netcat \((?:Debian patchlevel )?([^)]+)\)/m],
  ['ncat', /^Ncat (\S+) \( https:\/\/nmap\.org/m],
  ['GNU', /^GNU netcat (\S+?),/m],
  ['BusyBox', /^BusyBox v(\S+)/m],
  ['traditional', /^\[v(\S+)\]/m],
]

/** Which netcat it is, by what `nc -h` printed. */
export function whichNetcat(help: string): Netcat {
  for (const [flavour, banner] of BANNERS) {
    const found = banner.exec(help)
    if (found) return { flavour, version: found[1], halfCloses: meansHalfClose(help) }
  }
  // Apple's and OpenBSD's own print a usage without a name.
  if (/^usage: nc .*\[-K tc\]/m.test(help)) return { flavour: 'macOS', version: undefined, halfCloses: false }
  if (meansHalfClose(help)) return { flavour: 'OpenBSD', version: undefined, halfCloses: true }
  return { flavour: 'unknown', version: undefined, halfCloses: false }
}

function meansHalfClose(help: string): boolean {
  return /^\s*-N\s+Shutdown the network socket after EOF/m.test(help)
}
