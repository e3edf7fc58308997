import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';

const OLDEST_NODE = [20, 19];

/**
 * Makes a checkout ready to run: dependencies installed, server and page built. Does nothing that is done already.
 *
 * @throws Error that says what is missing
 */
export function prepare(say = (line) => console.log(line)) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Error(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`);
  }
  ensureDependencies(say);
  ensureBuilt(say);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    prepare();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
