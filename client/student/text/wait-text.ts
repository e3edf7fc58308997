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
