import type { z } from 'zod';
import { distance } from 'fastest-levenshtein';
import { type Config, configSchema, type Frozen } from './config';
import { settings } from './settings';
import { VARIABLES } from './variables';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that is wrong: with which variable, and what. Never a value. */
export interface ConfigProblem {
  variable: string;
  message: string;
}

/** Everything that is wrong with the environment, at once. Names variables, never shows their values. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n` +
        problems.map(({ variable, message }) => `  ${variable} ${message}`).join('\n'),
    );
    this.name = 'ConfigError';
  }
}

/**
 * Reads the environment once. An empty variable counts as not set.
 *
 * @throws ConfigError with every problem: malformed values, missing ones, contradictions
 */
export function loadConfig(environment: Environment): Config {
  const texts = new Map(
    VARIABLES.flatMap(({ variable }) => {
      const text = environment[variable]?.trim();
      return text ? [[variable, text]] : [];
    }),
  );
  const given = new Set(texts.keys());
  const malformed = problemsOf(settings.safeParse(inputOf(texts, given)));
  // What is malformed takes its default, so that the other checks still find what they can.
  for (const { variable } of malformed) texts.delete(variable);
  const result = configSchema.safeParse(inputOf(texts, given));
  const contradictions = problemsOf(result).filter(({ variable }) => !given.has(variable) || texts.has(variable));
  if (!result.success || malformed.length > 0) throw new ConfigError([...malformed, ...contradictions]);
  const names = VARIABLES.map(({ variable }) => variable);
  return frozen({ ...result.data, warnings: [...misspellings(environment, names), ...result.data.warnings] });
}

/** The texts where the settings have their values. */
function inputOf(texts: ReadonlyMap<string, string>, given: ReadonlySet<string>): object {
  const input = { given };
  for (const { variable, path } of VARIABLES) {
    let part: Record<string, unknown> = input;
    for (const key of path.slice(0, -1)) part = (part[key] ??= {}) as Record<string, unknown>;
    part[path.at(-1)!] = texts.get(variable);
  }
  return input;
}

function problemsOf({ error }: z.ZodSafeParseResult<unknown>): ConfigProblem[] {
  return (error?.issues ?? []).map(({ path, message }) => {
    const found = VARIABLES.find((known) => known.path.join() === path.join());
    return { variable: found?.variable ?? path.join('.'), message };
  });
}

function frozen<T>(value: T): Frozen<T> {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value as Frozen<T>;
}

/** Short names (PORT, HOST) are near to too much that belongs to others. */
const SHORTEST_COMPARED = 7;
const FARTHEST_EDITS = 2;

/** A sentence for each variable that is not ours and yet looks as if it was meant to be. */
function misspellings(environment: Environment, known: readonly string[]): string[] {
  return Object.keys(environment)
    .filter((name) => environment[name] && !known.includes(name))
    .flatMap((name) => {
      const meant = nearest(name, known);
      return meant ? [`${name} is not a variable of this service; did you mean ${meant}?`] : [];
    });
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const bare = name.replace(/^SUNBEON_/i, '').toUpperCase();
  if (known.includes(bare)) return bare;
  if (bare.length < SHORTEST_COMPARED) return undefined;
  return known.find((other) => other.length >= SHORTEST_COMPARED && distance(bare, other) <= FARTHEST_EDITS);
}
