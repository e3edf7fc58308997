import type { MOST_SECTIONS } from '../../src/contract/fields';

/** One change of a cart, in words that still make sense when another device has changed it meanwhile. */
export type CartEdit =
  | { kind: 'add'; sectionId: string }
  | { kind: 'remove'; sectionId: string }
  /** One place up (-1) or down (1). */
  | { kind: 'move'; sectionId: string; by: -1 | 1 };

/** As many as one commit takes; the compiler holds it to that. */
export const CART_LIMIT: typeof MOST_SECTIONS = 20;

/** The cart after the edits, made one after another; one that cannot be made (full, gone, at the end) changes nothing. */
export function edited(sectionIds: readonly string[], edits: readonly CartEdit[]): string[] {
  return edits.reduce(editedOnce, [...sectionIds]);
}

function editedOnce(ids: string[], edit: CartEdit): string[] {
  const { sectionId } = edit;
  switch (edit.kind) {
    case 'add':
      return ids.includes(sectionId) || ids.length >= CART_LIMIT ? ids : [...ids, sectionId];
    case 'remove':
      return ids.filter((id) => id !== sectionId);
    case 'move':
      return moved(ids, sectionId, edit.by);
  }
}

function moved(ids: string[], sectionId: string, by: -1 | 1): string[] {
  const from = ids.indexOf(sectionId);
  const other = from === -1 ? undefined : ids[from + by];
  if (other === undefined) return ids;
  const next = [...ids];
  [next[from], next[from + by]] = [other, sectionId];
  return next;
}
