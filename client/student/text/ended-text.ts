import type { Texts } from './en';

interface EndedWords {
  title: string;
  text: string;
}

/** Why a place is gone, in words. A newer service may know reasons that this page does not. */
export function endedText({ ended }: Texts, reason: string): EndedWords {
  const own = Object.prototype.hasOwnProperty.call(ended, reason) ? ended[reason as keyof typeof ended] : undefined;
  return typeof own === 'object' ? own : ended.unknown;
}
