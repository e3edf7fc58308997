import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisClient } from './redis-clients';

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

/** Calls a script by its verb. `bytes` gives bulk strings as Buffers. */
export type RunScript = (
  verb: string,
  keys: string[],
  values: (string | number)[],
  as?: 'text' | 'bytes',
) => Promise<unknown>;

type ScriptCommand = (...keysAndValues: (string | number)[]) => Promise<unknown>;

/**
 * Teaches a client some scripts. They are sent once per connection and then called by their digest; a server that has
 * forgotten them gets them again.
 *
 * @param keyCount how many keys each of them gets
 */
export function defineScripts(client: RedisClient, scripts: Map<string, string>, keyCount: number): RunScript {
  for (const [verb, lua] of scripts) client.defineCommand(commandName(verb), { lua, numberOfKeys: keyCount });
  const commands = client as unknown as Record<string, ScriptCommand>;
  return (verb, keys, values, as = 'text') =>
    commands[commandName(verb) + (as === 'bytes' ? 'Buffer' : '')]!(...keys, ...values);
}

/** Apart from the commands of Redis itself, of which some are named like our verbs. */
function commandName(verb: string): string {
  return `script:${verb}`;
}
