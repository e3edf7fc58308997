/** Hangul in Unicode: syllables are made of 19 initials, 21 vowels and 27 finals (or none), in that order. */
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const VOWELS = 21;
const FINALS = 28;
/** The first of the initials when they stand alone, as `plainText` leaves a consonant that was typed by itself. */
const FIRST_INITIAL = 0x1100;

/** By the keys with which each is typed. */
const INITIAL_KEYS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const VOWEL_KEYS = 'ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ'.split(' ');
const FINAL_KEYS =
  ' ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(' ');

/** What keyboards make of two consonants that are typed after one another. */
const PAIRS: Readonly<Record<string, string>> = {
  ...{ ㄳ: 'ㄱㅅ', ㄵ: 'ㄴㅈ', ㄶ: 'ㄴㅎ', ㄺ: 'ㄹㄱ', ㄻ: 'ㄹㅁ', ㄼ: 'ㄹㅂ' },
  ...{ ㄽ: 'ㄹㅅ', ㄾ: 'ㄹㅌ', ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ' },
};

export const isSyllable = (code: number): boolean => code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE;

/** `ㅈㄺㅈ` as `ㅈㄹㄱㅈ`. */
export const withoutPairs = (text: string): string => text.replace(/[ㄳㄵㄶㄺ-ㅀㅄ]/g, (pair) => PAIRS[pair] ?? pair);

/** The text with the initial consonant in place of each syllable, of the same length. */
export const initialsOf = (text: string): string =>
  text.replace(/[가-힣]/g, (syllable) => {
    const initial = Math.floor((syllable.charCodeAt(0) - FIRST_SYLLABLE) / (VOWELS * FINALS));
    return String.fromCharCode(FIRST_INITIAL + initial);
  });

/** The keys with which a syllable is typed, one after another: `ㄱㅗㅏ` for 과. */
function keysOf(syllable: number): string {
  const index = syllable - FIRST_SYLLABLE;
  const initial = INITIAL_KEYS[Math.floor(index / (VOWELS * FINALS))];
  const vowel = VOWEL_KEYS[Math.floor(index / FINALS) % VOWELS];
  return `${initial}${vowel}${FINAL_KEYS[index % FINALS]}`;
}

/**
 * Whether somebody who types `whole` and then `next` sees `typed` on the way: 룍 on the way to 료구, since the keyboard
 * cannot know yet that the ㄱ begins another syllable.
 *
 * @param next NaN when nothing, or no syllable, follows
 */
export function isOnTheWay(typed: number, whole: number, next: number): boolean {
  return (keysOf(whole) + (isSyllable(next) ? keysOf(next) : '')).startsWith(keysOf(typed));
}
