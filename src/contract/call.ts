import { z } from 'zod';
import { type ErrorCode, errorBodySchema } from './errors';
import { roomIdSchema, sectionIdSchema, studentIdSchema, termIdSchema } from './fields';

/** One HTTP call. */
export interface Call {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters in braces, as OpenAPI writes it. */
  path: string;
  tag: string;
  /** Who may ask: a student with a sign-in, an operator with a token. */
  access: 'anyone' | 'student' | 'operator';
  /** Which role an operator needs; left out: any to read, `operator` to change something. */
  role?: 'operator' | 'owner';
  summary: string;
  description?: string;
  /** Parameters of the path that are not as PATH_PARAMETERS says. */
  parameters?: Record<string, z.ZodType>;
  query?: z.ZodObject;
  headers?: Record<string, CallHeader>;
  /** JSON, with an `example` in its meta; or CSV. */
  body?: z.ZodType | CsvBody;
  /** JSON, a CSV file, or server-sent events without an end; left out: nothing (204). */
  answer?: z.ZodType | 'csv' | 'events';
  /** 200 when left out; 204 when there is no answer. */
  status?: 201;
  /** Another status with which it gives the same answer. */
  alsoWith?: 503;
  /** The status of all its refusals, but for those of its input. */
  refusedWith?: 401;
  /** With which it can be refused, beside those that `errorsOf` adds. */
  errors?: readonly ErrorCode[];
}

export interface CallHeader {
  schema: z.ZodType;
  required: boolean;
  example?: string;
}

export interface CsvBody {
  csv: string;
}

/** What is named the same in every path. */
export const PATH_PARAMETERS: Record<string, z.ZodType> = {
  roomId: roomIdSchema,
  termId: termIdSchema,
  sectionId: sectionIdSchema,
  studentId: studentIdSchema,
};

/** Says what a call is without losing its types. */
export const call = <const C extends Call>(it: C): C => it;

/** A map of calls by their name. */
export type Calls = Record<string, Call>;

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** What a call asks, once it is checked. */
export interface AskedOf<C extends Call> {
  path: Record<ParameterOf<C['path']>, string>;
  query: C['query'] extends z.ZodType ? z.output<C['query']> : undefined;
  body: C['body'] extends z.ZodType ? z.output<C['body']> : undefined;
}

/** What a call answers; a file of CSV and a stream are the server's own affair, as is a refusal that has a status of its own. */
export type AnswerOf<C extends Call> = C['answer'] extends z.ZodType
  ? z.input<C['answer']> | (C extends { refusedWith: number } ? Refusal : never)
  : C['answer'] extends 'csv' | 'events'
    ? unknown
    : void;

/** The status of a call that went well. */
export const successOf = ({ status, answer }: Call): number => status ?? (answer ? 200 : 204);

/** The parameters of a call's path, in their order. */
export const parametersOf = ({ path, parameters }: Call): [name: string, schema: z.ZodType][] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = parameters?.[name] ?? PATH_PARAMETERS[name];
    if (!schema) throw new Error(`${path}: nothing says what ${name} is`);
    return [name, schema];
  });

/** Which role an operator needs for a call, at least. */
export const roleOf = ({ method, role }: Call): 'viewer' | 'operator' | 'owner' =>
  role ?? (method === 'get' ? 'viewer' : 'operator');

/** What JSON is sent with a call; undefined when none is, or a file. */
export const jsonBodyOf = ({ body }: Call): z.ZodType | undefined => (body && 'csv' in body ? undefined : body);

/** How every call is refused over HTTP. */
export const refusalSchema = z.object({ error: errorBodySchema() }).meta({ id: 'Refusal' });

export type Refusal = z.infer<typeof refusalSchema>;

const ANY_CALL: ErrorCode[] = ['invalid_input', 'too_many_requests', 'busy', 'database_unavailable', 'internal'];

/** Every code with which a call can be refused: its own, and those of who may ask it and how. */
export function errorsOf(call: Call): ErrorCode[] {
  const { method, access, body, errors = [] } = call;
  const codes = [...ANY_CALL, ...errors];
  if (body) codes.push('unsupported_type');
  if (method !== 'get') codes.push('origin_refused');
  if (access === 'student') codes.push('not_signed_in', 'sign_in_expired', 'sign_in_ambiguous');
  if (access === 'operator') codes.push('not_operator');
  if (access === 'operator' && roleOf(call) !== 'viewer') codes.push('role_too_low');
  return [...new Set(codes)];
}
