import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const MODULE = 'go.k6.io/k6/v2';

/** The version that go.mod beside this file pins, without its `v`. */
const version = new RegExp(`${MODULE} v(\\S+)`).exec(readFileSync(join(here, 'go.mod'), 'utf8'))[1];

try {
  const k6 = spawn(findK6(), process.argv.slice(2), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => k6.kill(signal));
  k6.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

/** The machine's own k6 when it is of the same major version, else the pinned one, built once into .cache. */
function findK6() {
  const own = spawnSync('k6', ['version'], { encoding: 'utf8' });
  if (own.status === 0 && own.stdout.includes(`v${version.split('.')[0]}.`)) return 'k6';
  const built = join(root, '.cache', 'k6', version, 'k6');
  if (!existsSync(built)) build(built);
  return built;
}

function build(target) {
  console.error(`Building k6 ${version} (once; a few minutes) …`);
  mkdirSync(dirname(target), { recursive: true });
  const { error, status, stderr } = spawnSync('go', ['build', '-trimpath', '-o', target, MODULE], {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/local/go/bin` },
  });
  if (error) throw new Error(`k6 ${version} is needed: install it, or Go 1.25 or newer to build it`);
  if (status !== 0) throw new Error(`k6 ${version} could not be built:\n${stderr}`);
}
