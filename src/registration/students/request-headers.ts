import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { parseNamed } from '../../common/serves';
import { ADMISSION_TOKEN, IDEMPOTENCY_KEY } from '../../contract/enrolments';
import { idempotencyKeySchema } from '../../contract/fields';

const checkKey = (given?: string): string => parseNamed(IDEMPOTENCY_KEY, idempotencyKeySchema, given);

const HeaderValue = createParamDecorator(
  (name: string, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Request>().headers[name.toLowerCase()] as string | undefined,
);

/** The student's own name for the request. @throws DomainError `invalid_input` */
export const IdempotencyKey = (): ParameterDecorator => HeaderValue(IDEMPOTENCY_KEY, { transform: checkKey });

/** The same for what may be asked without one; it then has a name that nobody else gives. */
export const OptionalIdempotencyKey = (): ParameterDecorator =>
  HeaderValue(IDEMPOTENCY_KEY, { transform: (given = randomId()) => checkKey(given as string) });

/** The admission token of the term's room, not verified yet. @throws DomainError `admission_required` */
export const AdmissionToken = (): ParameterDecorator =>
  HeaderValue(ADMISSION_TOKEN, {
    transform: (given?: string) => {
      if (!given) throw new DomainError('admission_required', 'Seats are given inside only: join the line first.');
      return given;
    },
  });
