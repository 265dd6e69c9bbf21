import { expect, test } from 'vitest'
import { whichNetcat } from '../../scripts/workbook/machine/netcats.ts'

// The first lines of `nc -h`, as each of them prints it, and what tells about -N.
const HELP = {
  openbsd: 'OpenBSD netcat (Debian patchlevel 1.219-1)\nusage: nc [-46CDdFhklNnrStUuvZz] [-I length]\n'
    + '\t\t-N\t\tShutdown the network socket after EOF on stdin\n',
  openbsdItself: 'usage: nc [-46cDdFhklNnrStUuvz]\n\t\t-N\t\tShutdown the network socket after EOF on stdin\n',
  // Before -N there was an OpenBSD netcat without it.
  openbsdOld: 'OpenBSD netcat (Debian patchlevel 1.105-7)\nusage: nc [-46bCDdhjklnrStUuvZz]\n',
  ncat: 'Ncat 7.93 ( https://nmap.org/ncat )\nUsage: ncat [options] [hostname] [port]\n',
  gnu: 'GNU netcat 0.7.1, a rewrite of the famous networking tool.\nBasic usages:\n',
  traditional: '[v1.10-47]\nconnect to somewhere:\tnc [-options] hostname port[s] [ports] ... \n',
  busybox: 'nc: invalid option -- \'h\'\nBusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n',
  macos: 'usage: nc [-46AacCDdEFhklMnOortUuvz] [-K tc] [-b boundif] [-i interval]\n'
    + '\t-N num_probes\t\tNumber of probes to send before generating a write timeout event\n',
  other: 'nc: not what you think\n',
}

test.each([
  [HELP.openbsd, 'OpenBSD', '1.219-1', true],
  [HELP.openbsdItself, 'OpenBSD', undefined, true],
  [HELP.openbsdOld, 'OpenBSD', '1.105-7', false],
  [HELP.ncat, 'ncat', '7.93', false],
  [HELP.gnu, 'GNU', '0.7.1', false],
  [HELP.traditional, 'traditional', '1.10-47', false],
  [HELP.busybox, 'BusyBox', '1.35.0', false],
  [HELP.macos, 'macOS', undefined, false],
  [HELP.other, 'unknown', undefined, false],
])('%s', (help, flavour, version, halfCloses) => {
  expect(whichNetcat(help)).toEqual({ flavour, version, halfCloses })
})
