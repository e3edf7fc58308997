import type { WireError } from '../../../src/live/events';
import type { Texts } from './en';
import { formatTime } from './language';

const isKnown = (texts: Texts, code: string): code is keyof Texts['errors'] => Object.hasOwn(texts.errors, code);

/** An error in words, with what stands in the way where the service said it. Never the service's own text. */
export function errorText(texts: Texts, error: Pick<WireError, 'code' | 'details'>, now: number): string {
  const sentence = isKnown(texts, error.code) ? texts.errors[error.code] : texts.errors.unknown;
  const { conflictsWith, opensAt } = error.details ?? {};
  if (error.code === 'time_conflict' && typeof conflictsWith === 'string') {
    return texts.errorDetails.conflictsWith(conflictsWith);
  }
  return typeof opensAt === 'number'
    ? `${sentence} ${texts.errorDetails.until(formatTime(texts, opensAt, now))}`
    : sentence;
}
