import { distance } from 'fastest-levenshtein';

/** Short names (PORT, HOST) are near to too much that belongs to others. */
const SHORTEST_COMPARED = 7;
const FARTHEST_EDITS = 2;

/** A sentence for each variable that is not ours and yet looks as if it was meant to be. */
export function misspellings(
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): string[] {
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
