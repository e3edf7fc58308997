import type { z } from 'zod';
import { DomainError } from './domain-error';

/**
 * Checks a value from outside against its schema.
 *
 * @throws DomainError `invalid_input`, with every problem and its path in `details.problems`
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = problems[0];
  throw new DomainError('invalid_input', `${first?.path || 'input'}: ${first?.message ?? 'invalid'}`, { problems });
}
