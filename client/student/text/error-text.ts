import type { WireError } from '../../../src/contract/errors';
import type { Texts } from './en';
import { formatTime } from './language';

type SaidError = Pick<WireError, 'code' | 'details'>;

const isKnown = (texts: Texts, code: string): code is keyof Texts['errors'] =>
  Object.prototype.hasOwnProperty.call(texts.errors, code);

/** The class that stands in the way, as students call it; '' when the service named none. */
function otherCode({ details = {} }: SaidError): string {
  return [details['code'], details['section']].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

/** An error in words, with what stands in the way where the service said it. Never the service's own text. */
export function errorText(texts: Texts, error: SaidError, now: number): string {
  const sentence = isKnown(texts, error.code) ? texts.errors[error.code] : texts.errors.unknown;
  const { opensAt, closedAt, until, limit, reason } = error.details ?? {};
  const words = texts.errorDetails;
  const other = otherCode(error);
  if (error.code === 'time_conflict' && other) return words.overlaps(other);
  if (error.code === 'same_course' && other) return words.sameCourse(other);
  if (error.code === 'credit_limit' && typeof limit === 'number') return words.creditLimit(limit);
  if (error.code === 'class_year_full' && typeof limit === 'number') return words.classYearFull(limit);
  if ((error.code === 'seats_stopped' || error.code === 'on_hold') && typeof reason === 'string')
    return `${sentence} ${words.reason(reason)}`;
  if (typeof closedAt === 'number') return `${sentence} ${words.ended(formatTime(texts, closedAt, now))}`;
  if (typeof opensAt === 'number') return `${sentence} ${words.from(formatTime(texts, opensAt, now))}`;
  if (typeof until === 'number') return `${sentence} ${words.until(formatTime(texts, until, now))}`;
  return sentence;
}

/** What would stand in the way of a class of the cart: another class there is not had yet. */
export function obstacleText(texts: Texts, error: SaidError, inCart: ReadonlySet<string>, now: number): string {
  const other = otherCode(error);
  const stands = error.details?.['sectionId'];
  if (other && typeof stands === 'string' && inCart.has(stands)) {
    if (error.code === 'time_conflict') return texts.cart.overlapsAbove(other);
    if (error.code === 'same_course') return texts.cart.sameCourseAbove(other);
  }
  return errorText(texts, error, now);
}
