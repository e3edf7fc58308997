import type { Texts } from './en';

interface EndedWords {
  title: string;
  text: string;
}

/** Why a place is gone, in words. A newer service may know reasons that this page does not. */
export function endedText({ ended }: Texts, reason: string, why?: string): EndedWords {
  const own = [why, reason].map((key) => wordsFor(ended, key)).find((words) => words !== undefined);
  return own ?? ended.unknown;
}

function wordsFor(ended: Texts['ended'], key: string | undefined): EndedWords | undefined {
  if (key === undefined || !Object.prototype.hasOwnProperty.call(ended, key)) return undefined;
  const own = ended[key as keyof typeof ended];
  return typeof own === 'object' ? own : undefined;
}
