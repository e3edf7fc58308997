type Claims = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Claims => typeof value === 'object' && value !== null;

/**
 * What a token says under a name. A name with dots may be one claim (`https://example.edu/id`) or lead into others
 * (`university.student.id`, `affiliations.0`): the longest claim of that name counts. A list gives all of its values.
 */
export function claimValues(claims: unknown, name: string): unknown[] {
  const found = find(claims, name);
  return found === undefined ? [] : Array.isArray(found) ? (found as unknown[]) : [found];
}

function find(claims: unknown, name: string): unknown {
  if (!isObject(claims)) return undefined;
  if (Object.hasOwn(claims, name)) return claims[name];
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const outer = name.slice(0, dot);
    const found = Object.hasOwn(claims, outer) ? find(claims[outer], name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
