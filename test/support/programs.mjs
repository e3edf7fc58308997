import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackedProgram, unpackedPrograms } from '../../load/servers/debian-packages.mjs';

/** What the tests run for real. A server that was named for the run need not be on the machine. */
const PROGRAMS = [
  { name: 'redis-server', package: 'redis-server', lentBy: 'TEST_REDIS_URL', isThere: () => onPath('redis-server') },
  { name: 'redis-cli', package: 'redis-tools', lentBy: 'TEST_REDIS_URL', isThere: () => onPath('redis-cli') },
  {
    name: 'mariadbd',
    package: 'mariadb-server',
    lentBy: 'TEST_DATABASE_URL',
    isThere: () => onPath('mariadbd') && onPath('mariadb-install-db'),
  },
  { name: 'nginx', package: 'nginx', isThere: () => onPath('nginx') },
  { name: 'openssl', package: 'openssl', isThere: () => onPath('openssl') },
  {
    name: 'chromium',
    package: 'chromium',
    isThere: () =>
      Boolean(process.env.CHROMIUM_PATH) ||
      ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].some(onPath),
  },
  { name: 'a font with Korean', package: 'fonts-noto-cjk', isThere: hasKoreanFont },
];

/**
 * Makes sure that everything the tests start is on the machine; installs it where that is ours to do (root on Debian).
 * What Debian's own release has not (MySQL, Valkey) is unpacked into `.cache`, by whoever runs this, and its version said.
 *
 * @throws Error with one line that says what is missing and how to get it
 */
export function ensurePrograms(say) {
  ensureInstalled(say);
  for (const { name, lentBy } of unpackedPrograms) {
    if (!process.env[lentBy]) say(`${name} ${unpackedProgram(name, say).version}`);
  }
}

function ensureInstalled(say) {
  const missing = PROGRAMS.filter((program) => !process.env[program.lentBy] && !program.isThere());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  const packages = missing.map((program) => program.package);
  const isOurs = process.getuid?.() === 0 && onPath('apt-get');
  if (isOurs) {
    say(`Installing ${packages.join(', ')} …`);
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  }
  if (missing.every((program) => program.isThere())) return;
  throw new Error(`The tests need ${names}. On Debian: sudo apt-get install ${packages.join(' ')}`);
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
  if (status !== 0) console.error(`${stdout}${stderr}`);
}

export function onPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, name)));
}

/** Without one, screenshots show boxes. Other systems than Linux bring one along. */
function hasKoreanFont() {
  if (process.platform !== 'linux') return true;
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(process.env.HOME ?? '/', '.local/share/fonts')];
  return folders.some(
    (folder) =>
      existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => /CJK|Nanum|KR/.test(file)),
  );
}
