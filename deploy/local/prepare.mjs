import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';

/** The oldest of each line that all our libraries run on. */
const OLDEST_NODES = [
  [20, 19],
  [22, 13],
  [24, 11],
];

/**
 * Makes a checkout ready to run: dependencies installed, server and page built. Does nothing that is done already.
 *
 * @throws Error that says what is missing
 */
export function prepare(say = (line) => console.log(line)) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isKnown = OLDEST_NODES.some(([oldest, least]) => major === oldest && minor >= least);
  if (!isKnown && major <= OLDEST_NODES.at(-1)[0]) {
    const known = OLDEST_NODES.map((version) => version.join('.')).join(', ');
    throw new Error(`Node ${known} or newer of these lines is needed; this is ${process.versions.node}`);
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
