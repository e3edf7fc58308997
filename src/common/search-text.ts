import { DomainError } from './domain-error';

/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' },
};

/** What is put between the letters and the numbers of a code, or left out: `math-252`. */
const JOINTS = /[-_./·]/g;

/** As people type it: in lower case and without accents, so that `payan` finds Payán. Hangul stays as it is. */
export function plainText(text: string): string {
  const lower = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return lower.replace(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter).normalize('NFC');
}

/** The words of a query, as `plainText` has them. */
export function searchWords(query: string): string[] {
  // A control character would end the pattern on SQLite.
  return plainText(query)
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean);
}

/** The forms of a word of which one must occur in a text made by `plainText`. */
export const formsOf = (word: string): string[] => [...new Set([word, word.replace(JOINTS, '')])].filter(Boolean);

/** What a section is found by: its code in every way of writing it, its id, title and instructors. */
export function sectionSearchText(section: {
  id: string;
  department: string;
  number: string;
  section: string;
  title: string;
  instructors: string;
}): string {
  const { id, department, number, title, instructors } = section;
  const joined = `${department}${number}${section.section}`.replace(JOINTS, '');
  const parts = [department, number, section.section, title, instructors.replaceAll(';', ' '), joined, id];
  return plainText(parts.filter(Boolean).join(' '));
}

/** More than the titles of classes have. Each costs a look at every section of the term. */
const MOST_WORDS = 12;

/**
 * The words that say all that the given ones say: each once, and none that is a part of another.
 *
 * @throws DomainError `invalid_input` when there are more than MOST_WORDS
 */
export function fewestWords(words: readonly string[]): string[] {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length);
  const needed: string[] = [];
  for (const word of longestFirst) if (!needed.some((longer) => longer.includes(word))) needed.push(word);
  if (needed.length > MOST_WORDS) {
    throw new DomainError('invalid_input', `query: at most ${MOST_WORDS} different words`, { mostWords: MOST_WORDS });
  }
  return needed;
}
