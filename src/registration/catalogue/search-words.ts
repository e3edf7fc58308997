import { DomainError } from '../../common/domain-error';

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
