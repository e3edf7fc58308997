import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const INCLUDE = /^--@include ([\w-]+)\n/gm;

/**
 * Reads every `<verb>.lua` of a folder. A line `--@include <name>` stands for `include/<name>.lua` there, once per
 * script, however many ask for it.
 *
 * @param generated includes that have no file, or replace it
 * @returns the whole source of every script, by its verb
 */
export function loadScripts(folder: string, generated: Record<string, string> = {}): Map<string, string> {
  const expand = (source: string, included: Set<string>): string =>
    source.replace(INCLUDE, (_line, name: string) => {
      if (included.has(name)) return '';
      included.add(name);
      return expand(generated[name] ?? readFileSync(join(folder, 'include', `${name}.lua`), 'utf8'), included);
    });
  const files = readdirSync(folder).filter((file) => file.endsWith('.lua'));
  return new Map(
    files.map((file) => [file.slice(0, -'.lua'.length), expand(readFileSync(join(folder, file), 'utf8'), new Set())]),
  );
}
