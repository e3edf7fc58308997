import type { RoomStateName } from '../../../src/contract/rooms';
import type { SaidWait } from '../../sdk';
import type { Texts } from './en';

/** Whether nobody goes in for the time being, by the operator's will or a fault. */
export const isOnHold = (state: RoomStateName): boolean => state === 'paused' || state === 'recovering';

/** The wait in words. */
export function waitText(texts: Texts, wait: SaidWait | undefined, onHold: boolean): string {
  const words = texts.waiting;
  if (!wait) return onHold ? words.onHold : words.unknown;
  const { from, to } = wait;
  const { about, upTo, between } = wait.unit === 'minutes' ? words.minutes : words.hours;
  if (from === 0) return upTo(to);
  return from === to ? about(to) : between(from, to);
}

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
