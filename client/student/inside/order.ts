/** A copy of the list with one section moved by one place; the same order at the ends. */
export function moved<T extends { id: string }>(list: readonly T[], id: string, by: -1 | 1): T[] {
  const next = [...list];
  const from = next.findIndex((one) => one.id === id);
  const other = next[from + by];
  const one = next[from];
  if (one && other) [next[from], next[from + by]] = [other, one];
  return next;
}
