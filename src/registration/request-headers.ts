import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { parseInput } from '../common/validation';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const ADMISSION_TOKEN = 'Admission-Token';

const keySchema = z.string().min(1).max(64);

/** The value of the header. @throws DomainError `invalid_input` */
export const givenKey = (header: string | undefined): string => parseInput(keySchema, header);

/** The value of the header. @throws DomainError `admission_required` */
export function givenAdmission(header: string | undefined): string {
  if (!header) throw new DomainError('admission_required', 'Seats are given inside only: join the line first.');
  return header;
}
