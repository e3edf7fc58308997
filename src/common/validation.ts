import { createParamDecorator, type ExecutionContext, Param, Query } from '@nestjs/common';
import { ApiBody, ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { DomainError } from './domain-error';

/**
 * Checks a value from outside against its schema.
 *
 * @throws DomainError `invalid_input`, with every problem and its path in `details.problems`
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = problems[0];
  throw new DomainError('invalid_input', `${first?.path || 'input'}: ${first?.message ?? 'invalid'}`, { problems });
}

const checkedBy = (schema: z.ZodType) => ({ transform: (value: unknown): unknown => parseInput(schema, value) });

/** Problems name the parameter. */
function namedAndCheckedBy(name: string, schema: z.ZodType) {
  const named = z.object({ [name]: schema });
  return { transform: (value: unknown): unknown => parseInput(named, { [name]: value })[name] };
}

/** What the framework has read as JSON; a body of another type is not read, and must not be taken for none. */
const JsonBody = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const request = context.switchToHttp().getRequest<Request>();
  if (request.headers['content-length'] !== '0' && request.is('json') === false) {
    throw new DomainError('unsupported_type', 'Send the body as Content-Type: application/json.');
  }
  return request.body;
});

/**
 * The HTTP body, checked, and documented as the schema says, with the schema's `example`.
 *
 * @throws DomainError `invalid_input`, `unsupported_type`
 */
export const CheckedBody = (schema: z.ZodType): ParameterDecorator =>
  documented(
    JsonBody(checkedBy(schema)),
    ApiBody({ schema: openApi(schema), required: !schema.safeParse(undefined).success }),
  );

/** One path parameter, checked and documented. */
export const CheckedParam = (name: string, schema: z.ZodType): ParameterDecorator =>
  documented(Param(name, namedAndCheckedBy(name, schema)), ApiParam({ name, schema: openApi(schema) }));

/** The whole query string, checked. */
export const CheckedQuery = (schema: z.ZodType): ParameterDecorator => Query(checkedBy(schema));

/** A parameter of a method, with what the document of the API says of it. */
export function documented(parameter: ParameterDecorator, document: MethodDecorator): ParameterDecorator {
  return (target, method, index) => {
    parameter(target, method, index);
    if (method === undefined) return;
    document(target, method, Object.getOwnPropertyDescriptor(target, method) as PropertyDescriptor);
  };
}

/** The schema as OpenAPI wants it. */
function openApi(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }) as Record<
    string,
    unknown
  >;
  return json;
}
