import { type ErrorBody, ERRORS } from '../../contract/errors';
import type { SectionOutcome } from '../../contract/seats';
import type { Refusal } from './rules';

export function refused(sectionId: string, { code, message, details }: Refusal): SectionOutcome {
  const error: ErrorBody = { code, message, retryable: ERRORS[code].retryable, details };
  return { sectionId, outcome: 'refused', error };
}

export const sectionNotFound = (): Refusal => ({
  code: 'section_not_found',
  message: 'There is no such section.',
  details: {},
});

export const notEnrolled = (sectionId: string): Refusal => ({
  code: 'not_enrolled',
  message: 'You are not enrolled in this section.',
  details: { sectionId },
});
