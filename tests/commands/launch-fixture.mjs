// The launcher with another project root: node launch-fixture.mjs ROOT COMMAND args…
import { launch } from '../../scripts/workbook/start/launch.mjs'

const [root, command, ...argv] = process.argv.slice(2)
launch(command, argv, { root })
