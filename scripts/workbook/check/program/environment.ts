import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The environment in which npm would start a script, whichever way the check was started. HOST, PORT and
 * PASSPHRASE are words to programs of the lessons, and some shells set them for their own purposes; what colours
 * or changes every program of Node is none of this one's doing.
 * @param env this process's own
 * @param script as in package.json
 * @param cwd the folder that stands for the project's
 */
export function npmEnvironment(
  env: NodeJS.ProcessEnv, { event, script }: { event: string, script: string }, root: string, cwd: string,
): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, NODE_OPTIONS: _options, HOST: _host, PORT: _port, PASSPHRASE: _secret, ...rest } = env
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name?: string, version?: string }
  const fromNpm = env.npm_lifecycle_event === undefined
    ? { npm_command: 'run', COLOR: '0', EDITOR: 'vi', PATH: [join(root, 'node_modules/.bin'), env.PATH].join(delimiter) }
    : {}
  return {
    ...fromNpm,
    ...rest,
    ...fromNpm.PATH !== undefined && { PATH: fromNpm.PATH },
    npm_lifecycle_event: event,
    npm_lifecycle_script: script,
    npm_package_json: join(cwd, 'package.json'),
    ...name !== undefined && { npm_package_name: name },
    ...version !== undefined && { npm_package_version: version },
    npm_config_local_prefix: cwd,
    npm_node_execpath: process.execPath,
    NODE: process.execPath,
    INIT_CWD: cwd,
    PWD: cwd,
  }
}
