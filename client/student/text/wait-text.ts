import type { RoomStateName } from '../../../src/live/events';
import { roundedTime } from '../../sdk';
import type { Texts } from './en';

/** Whether nobody goes in for the time being, by the operator's will or a fault. */
export const isOnHold = (state: RoomStateName): boolean => state === 'paused' || state === 'recovering';

/** The wait in words. */
export function waitText(texts: Texts, ms: number | undefined, onHold: boolean): string {
  if (ms === undefined) return onHold ? texts.waiting.onHold : texts.waiting.unknown;
  const { unit, count } = roundedTime(ms);
  if (unit === 'moment') return texts.waiting.moment;
  return unit === 'minutes' ? texts.waiting.minutes(count) : texts.waiting.hours(count);
}
