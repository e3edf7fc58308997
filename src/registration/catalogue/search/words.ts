import { DomainError } from '../../../common/domain-error';
import { plainText } from '../../../common/search-text';
import { initialsOf, isOnTheWay, isSyllable, withoutPairs } from './hangul';

/** What is put between words and the parts of a code, or left out: `math-252`, `AS/RE`, `women’s`. */
const GAPS = /[\s\p{Cc}\-–—_./·,:;()'’‘"“”&!?]+/gu;
const GAP = 0x20;
/** Between the names of a section: nothing is found across it. */
const BORDER = '\n';
/** Before the id, which nobody knows by its beginning: it is no letter of any name, and no gap either. */
const BEFORE_ID = '\u007f';

/** More than the titles of classes have. */
const MOST_WORDS = 12;

/** How well a word is found. */
export const NOWHERE = 0;
export const INSIDE = 1;
export const AT_START = 2;
export type Found = typeof NOWHERE | typeof INSIDE | typeof AT_START;

/** Letters as people type them, and the same with the initial consonant in place of each Hangul syllable. */
export interface Letters {
  letters: string;
  initials: string;
}

const lettersOf = (letters: string): Letters => {
  const initials = initialsOf(letters);
  return { letters, initials: initials === letters ? letters : initials };
};

/** What a section is found by: its names, their words a gap apart, each name between borders; and its id. */
export function namesOf(names: readonly string[], id: string): Letters {
  const plain = names.map((name) => plainText(name).replace(GAPS, ' ').trim()).filter(Boolean);
  return lettersOf([...['', ...plain].map((name) => name + BORDER), BEFORE_ID, compact(id), BORDER].join(''));
}

/** Without any gap. */
export const compact = (text: string): string => plainText(withoutPairs(text)).replace(GAPS, '');

/**
 * What is looked for: each word once, none that is a part of another, what is typed between letters left out.
 *
 * @throws DomainError `invalid_input` when there are more than MOST_WORDS
 */
export function wordsOf(query: string): Letters[] {
  const words = query.split(/[\s\p{Cc}]+/u).map(compact);
  const longestFirst = [...new Set(words)].filter(Boolean).sort((a, b) => b.length - a.length);
  const needed: string[] = [];
  for (const word of longestFirst) if (!needed.some((longer) => longer.includes(word))) needed.push(word);
  if (needed.length > MOST_WORDS) {
    throw new DomainError('invalid_input', `query: at most ${MOST_WORDS} different words`, { mostWords: MOST_WORDS });
  }
  return needed.map(lettersOf);
}

/**
 * How well a word is found among names. Within a word of theirs it may stand anywhere; over the gap to the next word it
 * goes on only when it begins where a word does, so that `자료구` finds 자료 구조, and `nart` no modern art. A consonant of
 * Hangul stands for every syllable that it begins, and the last syllable also for one that is on its way.
 */
export function findWord(names: Letters, word: Letters): Found {
  const first = word.initials.charAt(0);
  let found: Found = NOWHERE;
  for (let at = names.initials.indexOf(first); at >= 0; at = names.initials.indexOf(first, at + 1)) {
    const before = names.letters.charCodeAt(at - 1);
    const begins = before <= GAP;
    if ((!begins && found === INSIDE) || !standsAt(names, word, at, begins)) continue;
    if (begins) return AT_START;
    found = INSIDE;
  }
  return found;
}

function standsAt(names: Letters, word: Letters, at: number, overGaps: boolean): boolean {
  const last = word.letters.length - 1;
  for (let index = 0, place = at; index <= last; index += 1, place += 1) {
    if (overGaps && names.letters.charCodeAt(place) === GAP) place += 1;
    if (names.initials.charCodeAt(place) !== word.initials.charCodeAt(index)) return false;
    const typed = word.letters.charCodeAt(index);
    const there = names.letters.charCodeAt(place);
    // What has no syllables is the same already; a consonant by itself stands for all that it begins.
    if (typed === there || !isSyllable(typed)) continue;
    if (index < last || !isSyllable(there) || !isOnTheWay(typed, there, nextOf(names.letters, place))) return false;
  }
  return true;
}

/** The letter after this one, also of the next word. */
function nextOf(letters: string, place: number): number {
  const next = letters.charCodeAt(place + 1);
  return next === GAP ? letters.charCodeAt(place + 2) : next;
}
