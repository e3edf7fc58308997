import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run } from '../../deploy/local/run-command.mjs';

/** What was unpacked stays beside the other things that the checkout can make again. */
const CACHE = join(root, '.cache', 'debian');
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const USUAL_MIRROR = 'http://deb.debian.org/debian';

/** Of no use to a server that is started from its folder. */
const LEFT_OUT = ['./usr/share/doc', './usr/share/man', './usr/share/locale', './usr/lib/systemd', './var', './etc'];

/**
 * Servers of newer Debian releases than the machine's, in folders of their own: nothing of the machine is touched, and no
 * rights are needed. They bring every library along, down to the loader. A further one is one more entry here: then
 * `ensurePrograms` has it before the tests begin, and a test starts it by what `unpacked` (unpacked.ts) gives.
 */
const UNPACKED = {
  mysqld: {
    package: 'mysql-server-core',
    suite: 'sid',
    file: 'usr/sbin/mysqld',
    lentBy: 'TEST_DATABASE_URL',
    leftOut: ['./usr/lib/mysql/plugin/debug', './usr/bin'],
  },
  'valkey-server': {
    package: 'valkey-server',
    suite: 'sid',
    file: 'usr/bin/valkey-server',
    lentBy: 'TEST_REDIS_URL',
    leftOut: ['./usr/lib/x86_64-linux-gnu/systemd'],
  },
  promtool: {
    package: 'prometheus',
    suite: 'sid',
    file: 'usr/bin/promtool',
    leftOut: ['./usr/bin/prometheus', './usr/share', './usr/lib/python3'],
  },
};

/** The programs that are unpacked for the tests: MySQL itself, Valkey, and Prometheus' checker. A named server replaces its program. */
export const unpackedPrograms = Object.entries(UNPACKED).map(([name, { lentBy }]) => ({ name, lentBy }));

/**
 * How to start a program that was unpacked from Debian's packages; unpacks it first when this checkout has none yet (some
 * ten seconds). What is there is kept, whatever its version; remove `.cache/debian` to get the newest.
 *
 * @param name a key of UNPACKED
 * @param say gets a line when something is fetched
 * @returns `command` and the arguments that come before the program's own; `folder` is where it was unpacked, and
 *   `version` that of its package
 * @throws Error with one line that says what is missing
 */
export function unpackedProgram(name, say = () => undefined) {
  const entry = UNPACKED[name];
  if (!entry) throw new Error(`${name} is none of ${Object.keys(UNPACKED).join(', ')}`);
  const id = cached(entry) ?? fetched(name, entry, say);
  const folder = join(CACHE, id);
  const { loader, libraries } = loaderOf(folder);
  return {
    folder,
    version: id.slice(entry.package.length + 1),
    command: loader,
    args: ['--library-path', libraries, join(folder, entry.file)],
  };
}

/** The newest by name that is unpacked here: the folder is `PACKAGE_VERSION`. */
function cached(entry) {
  if (!existsSync(CACHE)) return undefined;
  const found = readdirSync(CACHE).filter((folder) => folder.startsWith(`${entry.package}_`));
  return found.sort().at(-1);
}

function fetched(name, entry, say) {
  mkdirSync(CACHE, { recursive: true });
  const working = mkdtempSync(join(CACHE, 'new-'));
  try {
    say(`Fetching ${name} (${entry.package} of Debian ${entry.suite}) …`);
    const archives = download(entry, working);
    const own = archives.find((file) => file.startsWith(`${entry.package}_`));
    if (!own) throw new Error(`Debian ${entry.suite} gave no ${entry.package}`);
    const folder = join(working, 'unpacked');
    mkdirSync(folder);
    for (const file of archives) unpack(join(working, 'archives', file), folder, entry.leftOut);
    // NAME_VERSION_ARCHITECTURE.deb, with the colon of an epoch written as %3a.
    const id = own.split('_').slice(0, 2).join('_');
    keep(folder, join(CACHE, id));
    return id;
  } catch (error) {
    const need = `The tests need ${name}, from Debian's package ${entry.package} (${entry.suite}), or ${entry.lentBy}`;
    throw new Error(`${need}: ${error.message}`, { cause: error });
  } finally {
    rmSync(working, { recursive: true, force: true });
  }
}

/** Another process may have been a little faster. */
function keep(folder, place) {
  try {
    renameSync(folder, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

/** With all that it depends on, as if nothing were installed: the machine's own libraries may be too old. */
function download(entry, working) {
  for (const tool of ['apt-get', 'dpkg-deb']) {
    if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0) throw new Error(`There is no ${tool} here`);
  }
  const place = (name) => join(working, name);
  for (const folder of ['lists/partial', 'archives/partial', 'parts']) mkdirSync(place(folder), { recursive: true });
  writeFileSync(place('status'), '');
  const signedBy = existsSync(KEYRING) ? ` [signed-by=${KEYRING}]` : '';
  writeFileSync(place('sources.list'), `deb${signedBy} ${mirror()} ${entry.suite} main\n`);
  const settings = {
    'APT::Sandbox::User': '""',
    'Debug::NoLocking': '1',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::Retries': '3',
    'Dir::Etc::SourceList': place('sources.list'),
    'Dir::Etc::SourceParts': place('parts'),
    'Dir::Etc::Preferences': place('none'),
    'Dir::Etc::PreferencesParts': place('parts'),
    'Dir::State': working,
    'Dir::State::Lists': place('lists'),
    'Dir::State::status': place('status'),
    'Dir::Cache': working,
    'Dir::Cache::Archives': place('archives'),
    'Dir::Cache::pkgcache': '""',
    'Dir::Cache::srcpkgcache': '""',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  run('apt-get', [...options, '-qq', 'update']);
  run('apt-get', [...options, '-qq', '-y', '--no-install-recommends', '--download-only', 'install', entry.package]);
  return readdirSync(place('archives')).filter((file) => file.endsWith('.deb'));
}

/** The machine's own, which may be nearer, or the only one within reach. */
function mirror() {
  const { stdout = '' } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const found = (stdout ?? '').split('\n').find((uri) => /\/debian\/?$/.test(uri));
  return (found ?? USUAL_MIRROR).replace(/\/$/, '');
}

function unpack(archive, folder, leftOut) {
  const kept = [...LEFT_OUT, ...leftOut].map((path) => `--exclude=${path}`);
  const tar = ['tar', '-x', '--no-same-owner', '--keep-directory-symlink', '--anchored', ...kept, '-C', '"$2"'];
  run('sh', ['-c', `dpkg-deb --fsys-tarfile "$1" | ${tar.join(' ')}`, 'sh', archive, folder]);
}

/** The folder's own loader: its C library may be newer than the machine's. */
function loaderOf(folder) {
  for (const architecture of readdirSync(join(folder, 'usr', 'lib'))) {
    const libraries = join(folder, 'usr', 'lib', architecture);
    if (!architecture.includes('-linux-')) continue;
    const loader = readdirSync(libraries).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
    if (loader) return { loader: join(libraries, loader), libraries };
  }
  throw new Error(`There is no loader in ${folder}`);
}

/** `node debian-packages.mjs NAME` prints what `unpackedProgram` gives, for programs that cannot import this. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(JSON.stringify(unpackedProgram(process.argv[2], (line) => console.error(line))));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
