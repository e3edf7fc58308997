import type { Letters } from './words';

/** Above it no number of a document fits into 16 bits. */
const MOST_OF_16_BITS = 65_536;

export type Postings = Uint16Array | Uint32Array;

/**
 * Which documents have which letters, and which two after one another, gaps left out: a word is looked for only where all
 * of its pairs are. Made of the initials, so that a word that is still being typed is found, too. Pure.
 */
export class GramIndex {
  private constructor(private readonly postings: ReadonlyMap<number, Postings>) {}

  /** Takes documents one after another; `made` ends it. */
  static maker(documents: number): { add: (document: number, letters: Letters) => void; made: () => GramIndex } {
    const lists = new Map<number, number[]>();
    const note = (gram: number, document: number): void => {
      const list = lists.get(gram);
      if (!list) lists.set(gram, [document]);
      else if (list.at(-1) !== document) list.push(document);
    };
    const add = (document: number, { initials }: Letters): void => {
      let before = 0;
      for (let place = 0; place < initials.length; place += 1) {
        const code = initials.charCodeAt(place);
        if (code === 0x20) continue;
        // Nothing is found across a border between names.
        const isBorder = code === 0x0a;
        if (!isBorder) note(code, document);
        if (!isBorder && before !== 0) note(pairOf(before, code), document);
        before = isBorder ? 0 : code;
      }
    };
    const made = (): GramIndex => {
      const Numbers = documents > MOST_OF_16_BITS ? Uint32Array : Uint16Array;
      return new GramIndex(new Map([...lists].map(([gram, list]) => [gram, Numbers.from(list)])));
    };
    return { add, made };
  }

  /** The documents that may have all of the words, at least one, in their order; none is missing. */
  candidates(words: readonly Letters[]): Postings {
    const lists: Postings[] = [];
    for (const gram of new Set(words.flatMap(gramsOf))) {
      const list = this.postings.get(gram);
      if (!list) return new Uint16Array(0);
      lists.push(list);
    }
    const [shortest, ...others] = lists.sort((a, b) => a.length - b.length);
    return others.reduce(inBoth, shortest ?? new Uint16Array(0));
  }
}

const pairOf = (one: number, next: number): number => one * 65_536 + next;

function gramsOf({ initials }: Letters): number[] {
  if (initials.length === 1) return [initials.charCodeAt(0)];
  return Array.from({ length: initials.length - 1 }, (_, place) =>
    pairOf(initials.charCodeAt(place), initials.charCodeAt(place + 1)),
  );
}

/** What is in both of two lists in ascending order. */
function inBoth(shorter: Postings, longer: Postings): Postings {
  const both = shorter.slice();
  let count = 0;
  let there = 0;
  for (const document of shorter) {
    while (there < longer.length && (longer[there] as number) < document) there += 1;
    if (longer[there] === document) both[count++] = document;
  }
  return both.subarray(0, count);
}
