import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root, run } from './run-command.mjs';

/** What is built, from what, and what must be there afterwards. */
const PARTS = [
  {
    name: 'server',
    sources: ['src', 'nest-cli.json', 'tsconfig.json', '.swcrc', 'package-lock.json'],
    result: 'dist/main.js',
  },
  {
    name: 'client',
    sources: ['client', 'src/common/retry.ts', 'package-lock.json'],
    result: 'client/dist/index.html',
  },
];

const LEFT_OUT = /(^|\/)(node_modules|dist)(\/|$)|\.spec\.ts$/;

/** Builds server and page, each unless its sources are those of the last build. */
export function ensureBuilt(say) {
  for (const part of PARTS) {
    const stampFile = join(root, 'node_modules', '.cache', 'sunbeon', `built-${part.name}`);
    const stamp = fingerprint(part.sources);
    const isBuilt = existsSync(join(root, part.result)) && existsSync(stampFile);
    if (isBuilt && readFileSync(stampFile, 'utf8') === stamp) continue;
    say(`Building the ${part.name} …`);
    run('npm', ['run', '--silent', `build:${part.name}`]);
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

/** A hash over the paths and contents of all sources. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(join(root, source))).sort()) {
    hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = tryList(path);
  if (!entries) return [path];
  return entries
    .map((entry) => join(path, entry))
    .filter((entry) => !LEFT_OUT.test(relative(root, entry)))
    .flatMap(filesOf);
}

function tryList(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
