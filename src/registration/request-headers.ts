import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { randomId } from '../common/ids';
import { parseInput } from '../common/validation';

const KEY = 'Idempotency-Key';
const KEY_MEANING =
  'Your own name for this request, 1 to 64 characters: asked again, what has changed something is answered the same';
const keySchema = z.object({ [KEY]: z.string().min(1).max(64) });

/** Problems name the header. */
const checkKey = (given?: string): string => parseInput(keySchema, { [KEY]: given })[KEY];

const HeaderValue = createParamDecorator(
  (name: string, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Request>().headers[name.toLowerCase()] as string | undefined,
);

/** The student's own name for the request. @throws DomainError `invalid_input` */
export const IdempotencyKey = (): ParameterDecorator =>
  header({ name: KEY, required: true, description: KEY_MEANING }, checkKey);

/** The same for what may be asked without one; it then has a name that nobody else gives. */
export const OptionalIdempotencyKey = (): ParameterDecorator =>
  header({ name: KEY, required: false, description: KEY_MEANING }, (given = randomId()) => checkKey(given));

/** The admission token of the term's room, not verified yet. @throws DomainError `admission_required` */
export const AdmissionToken = (): ParameterDecorator =>
  header(
    { name: 'Admission-Token', required: true, description: 'The admission token of the term’s room' },
    (given) => {
      if (!given) throw new DomainError('admission_required', 'Seats are given inside only: join the line first.');
      return given;
    },
  );

/** One header, checked and documented. */
function header(
  documented: { name: string; required: boolean; description: string },
  check: (given?: string) => string,
): ParameterDecorator {
  return (target, method, index) => {
    HeaderValue(documented.name, { transform: check })(target, method, index);
    if (method === undefined) return;
    ApiHeader(documented)(target, method, Object.getOwnPropertyDescriptor(target, method) as PropertyDescriptor);
  };
}
