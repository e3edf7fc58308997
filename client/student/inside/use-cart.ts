import { useEffect, useState } from 'preact/hooks';
import { browserStorage, type Section } from '../../sdk';
import { moved } from './order';

const storage = browserStorage('session');

/** As many as one commit may carry. */
export const CART_LIMIT = 20;

export interface Cart {
  /** In order of preference. */
  sections: Section[];
  has: (sectionId: string) => boolean;
  isFull: boolean;
  add: (section: Section) => void;
  remove: (sectionId: string) => void;
  /** One place up (-1) or down (1). */
  move: (sectionId: string, by: -1 | 1) => void;
}

const isSections = (value: unknown): value is Section[] =>
  Array.isArray(value) && value.every((one: unknown) => typeof (one as Section | null)?.id === 'string');

function saved(key: string): Section[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? '[]');
    return isSections(value) ? value : [];
  } catch {
    // Not ours: begin with an empty cart.
    return [];
  }
}

/** What the student means to enrol in. Survives a reload, not the tab. */
export function useCart(termId: string, studentId: string): Cart {
  const key = `sunbeon:cart:${termId}:${studentId}`;
  const [sections, setSections] = useState(() => saved(key));
  useEffect(() => storage.setItem(key, JSON.stringify(sections)), [key, sections]);
  return {
    sections,
    has: (sectionId) => sections.some(({ id }) => id === sectionId),
    isFull: sections.length >= CART_LIMIT,
    add: (section) =>
      setSections((before) =>
        before.length >= CART_LIMIT || before.some(({ id }) => id === section.id) ? before : [...before, section],
      ),
    remove: (sectionId) => setSections((before) => before.filter(({ id }) => id !== sectionId)),
    move: (sectionId, by) => setSections((before) => moved(before, sectionId, by)),
  };
}
