import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run-command.mjs';

/** Installs what the lock file says, unless exactly that is there already. */
export function ensureDependencies(say) {
  if (!isInstalled()) {
    say('Installing dependencies (npm ci; this takes a minute or two the first time) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: nativeBuildEnv() });
  }
  if (!nativeModuleLoads()) {
    say('Building better-sqlite3 for this version of Node …');
    run('npm', ['rebuild', 'better-sqlite3', '--loglevel=error'], { env: nativeBuildEnv() });
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

/** False also when it was built for another version of Node. */
function nativeModuleLoads() {
  const script = "new (require('better-sqlite3'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', script], { cwd: root, stdio: 'ignore' }).status === 0;
}

/**
 * better-sqlite3 is compiled where its prebuilt binary cannot be fetched. Node's own headers, where they lie beside
 * node, spare node-gyp their download.
 */
function nativeBuildEnv() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node.h'));
  return hasHeaders && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {};
}
