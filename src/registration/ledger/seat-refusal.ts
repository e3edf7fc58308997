import { type ErrorBody, ERROR_RETRYABLE } from '../../common/domain-error';
import type { Refusal } from '../rules';
import type { SectionOutcome } from './seat-request';

export function refused(sectionId: string, { code, message, details }: Refusal): SectionOutcome {
  const error: ErrorBody = { code, message, retryable: ERROR_RETRYABLE[code], details };
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
