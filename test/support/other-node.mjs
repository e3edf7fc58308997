import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../deploy/local/run-command.mjs';

/**
 * Another version of Node from the npm registry, kept in .cache, for whoever wants to try the service on it:
 *
 *   PATH="$(node test/support/other-node.mjs 24):$PATH" npm test
 *
 * @returns the folder that holds its `node`
 * @throws Error that says why it is not to be had
 */
function otherNode(major) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const home = join(root, '.cache', 'node', major);
  const folder = join(home, 'node_modules', name, 'bin');
  if (existsSync(join(folder, 'node'))) return folder;
  mkdirSync(home, { recursive: true });
  const args = ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', `${name}@${major}`];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Node ${major} could not be had from the npm registry (${name}):\n${stderr}`);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(otherNode(process.argv[2] ?? ''));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
