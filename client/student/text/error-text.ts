import type { WireError } from '../../../src/live/events';
import type { Texts } from './en';
import { formatTime } from './language';

const isKnown = (texts: Texts, code: string): code is keyof Texts['errors'] => Object.hasOwn(texts.errors, code);

/** An error in words, with what stands in the way where the service said it. Never the service's own text. */
export function errorText(texts: Texts, error: Pick<WireError, 'code' | 'details'>, now: number): string {
  const sentence = isKnown(texts, error.code) ? texts.errors[error.code] : texts.errors.unknown;
  const { code, section, opensAt, limit } = error.details ?? {};
  const other = [code, section].filter((part) => typeof part === 'string' && part !== '').join(' ');
  if (error.code === 'time_conflict' && other) return texts.errorDetails.overlaps(other);
  if (error.code === 'same_course' && other) return texts.errorDetails.sameCourse(other);
  if (error.code === 'credit_limit' && typeof limit === 'number') return texts.errorDetails.creditLimit(limit);
  if (typeof opensAt !== 'number') return sentence;
  return `${sentence} ${texts.errorDetails.from(formatTime(texts, opensAt, now))}`;
}
