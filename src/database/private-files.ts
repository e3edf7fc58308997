import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY_DIRECTORY = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** What SQLite keeps beside its database; made with the rights of the database, but an older version's may stand open. */
const COMPANIONS = ['', '-wal', '-shm', '-journal'];

/** What an older version, or its backup beside it, left in the directory. */
const OURS = /^(sunbeon\.sqlite|lock\.sqlite|signing-keys|operator-tokens)/;

/**
 * Makes the directory for its owner alone; also one that is there, when it holds nothing but our own: what else lies there
 * is somebody's who may need to come in (and /tmp is everybody's).
 */
export function makePrivateDirectory(directory: string): void {
  const made = mkdirSync(directory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  if (made === undefined && isOurs(directory)) chmodSync(directory, OWNER_ONLY_DIRECTORY);
}

function isOurs(directory: string): boolean {
  const { mode, uid } = statSync(directory);
  const shared = (mode & 0o1000) !== 0;
  return !shared && uid === process.getuid?.() && readdirSync(directory).every((name) => OURS.test(name));
}

/** Makes the file of an SQLite database, empty where there is none, readable by its owner only. */
export function makePrivateDatabase(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  closeSync(openSync(file, 'a', OWNER_ONLY_FILE));
  for (const path of COMPANIONS.map((suffix) => file + suffix)) {
    if (existsSync(path) && isMine(path)) chmodSync(path, OWNER_ONLY_FILE);
  }
}

/** Whoever may write a file that somebody else owns may not change its rights. */
const isMine = (path: string): boolean => statSync(path).uid === process.getuid?.();
