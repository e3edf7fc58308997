import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run-command.mjs';

/** Node 20 compiles its SQLite driver; newer ones have one that brings its binaries along. */
const COMPILED_DRIVER = 'better-sqlite3-12';
const needsCompiler = Number.parseInt(process.versions.node, 10) < 22;

/** Installs what the lock file says, unless exactly that is there already. No package's install script is run. */
export function ensureDependencies(say) {
  if (!isInstalled()) {
    say('Installing dependencies (npm ci; this takes a minute or two the first time) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (needsCompiler && !driverLoads()) {
    say('Compiling the SQLite driver for this version of Node …');
    run('npm', ['rebuild', COMPILED_DRIVER, '--ignore-scripts=false', '--loglevel=error'], { env: nativeBuildEnv() });
  }
}

/** npm keeps a copy of the lock file of what it installed; that and the lock file must agree on every version. */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** False also when it was compiled for another version of Node. */
function driverLoads() {
  const script = `new (require('${COMPILED_DRIVER}'))(':memory:').close()`;
  return spawnSync(process.execPath, ['-e', script], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Node's own headers, where they lie beside node, spare node-gyp their download. */
function nativeBuildEnv() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node.h'));
  return hasHeaders && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}
