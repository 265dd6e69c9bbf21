// Behind every `npm run`: node scripts/run.mjs COMMAND args…
//
// A Node that is too old must still be able to read this file to say so. Hence no static import, no
// top-level await and no syntax newer than Node 12; everything else is in workbook/start/launch.mjs.
const needed = [20, 19]
const running = process.versions.node.split('.').map(Number)
const tooOld = running[0] < needed[0] || (running[0] === needed[0] && running[1] < needed[1])

if (tooOld) {
  console.error('This is Node ' + process.versions.node + '; the workbook needs Node ' + needed.join('.')
    + ' or newer. Get it from https://nodejs.org/ or with your version manager.')
  process.exitCode = 1
} else {
  import('./workbook/start/launch.mjs').then(launcher => launcher.launch(process.argv[2], process.argv.slice(3)))
}
