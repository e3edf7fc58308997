import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, type ApiHeaderOptions } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { documented, parseInput } from '../../common/validation';

const KEY = 'Idempotency-Key';
const KEY_MEANING =
  'Your own name for this request, 1 to 64 characters: asked again, what has changed something is answered the same';
const TOKEN_MEANING = 'The admission token of the term’s room: `token` of `line:admitted`, for whoever has been let in';
const keySchema = z.object({ [KEY]: z.string().min(1).max(64) });

/** Problems name the header. */
const checkKey = (given?: string): string => parseInput(keySchema, { [KEY]: given })[KEY];

const HeaderValue = createParamDecorator(
  (name: string, context: ExecutionContext) =>
    context.switchToHttp().getRequest<Request>().headers[name.toLowerCase()] as string | undefined,
);

/** The student's own name for the request. @throws DomainError `invalid_input` */
export const IdempotencyKey = (): ParameterDecorator =>
  header({ name: KEY, required: true, description: KEY_MEANING, example: 'first-press-of-enrol' }, checkKey);

/** The same for what may be asked without one; it then has a name that nobody else gives. */
export const OptionalIdempotencyKey = (): ParameterDecorator =>
  header({ name: KEY, required: false, description: KEY_MEANING }, (given = randomId()) => checkKey(given));

/** The admission token of the term's room, not verified yet. @throws DomainError `admission_required` */
export const AdmissionToken = (): ParameterDecorator =>
  header(
    { name: 'Admission-Token', required: true, description: TOKEN_MEANING, example: 'eyJhbGciOi.paste.yours' },
    (given) => {
      if (!given) throw new DomainError('admission_required', 'Seats are given inside only: join the line first.');
      return given;
    },
  );

/** One header, checked and documented. */
const header = (about: ApiHeaderOptions, check: (given?: string) => string): ParameterDecorator =>
  documented(HeaderValue(about.name, { transform: check }), ApiHeader(about));
