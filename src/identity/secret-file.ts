import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SecretFile {
  path: string;
  /** Without surrounding white space. */
  text: string;
  /** True when this call made it. */
  created: boolean;
}

/**
 * Reads a secret that is kept in `directory`, or makes it there, readable by its owner only. It appears whole or not
 * at all, and of two processes that make it together both get the same.
 *
 * @throws Error of the file system
 */
export function readOrMakeSecret(directory: string, name: string, make: () => string): SecretFile {
  const path = join(directory, name);
  const existing = readIfThere(path);
  if (existing !== undefined) return { path, text: existing, created: false };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    const created = linkUnlessThere(draft, path);
    return { path, text: readFileSync(path, 'utf8').trim(), created };
  } finally {
    rmSync(draft);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function linkUnlessThere(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | undefined)?.code === code;
