import type { z } from 'zod';
import { type Call, errorsOf, parametersOf, refusalSchema, successOf } from './call';
import { CALLS } from './calls';
import { type ErrorCode, ERRORS } from './errors';
import { type JsonSchema, SchemaBook } from './json-schema';

const json = (schema: JsonSchema) => ({ 'application/json': { schema } });
const csv = (example?: string) => ({ 'text/csv': { schema: { type: 'string', ...(example && { example }) } } });

/** The HTTP calls as OpenAPI 3.1 says them. */
export function openApi(): object {
  const book = new SchemaBook();
  book.of(refusalSchema);
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, call] of Object.entries<Call>(CALLS)) {
    paths[call.path] = { ...paths[call.path], [call.method]: operation(name, call, book) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sunbeon',
      version: '1',
      description:
        'Times are ms since the Unix epoch by the server’s clock unless they say otherwise. What goes over sockets is ' +
        'described by [asyncapi.json](/api/docs/asyncapi.json).',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: book.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(name: string, call: Call, book: SchemaBook): object {
  const { tag, summary, description, access, body } = call;
  return {
    ...{ operationId: name, tags: [tag], summary, description },
    parameters: [...pathOf(call, book), ...queryOf(call, book), ...headersOf(call, book)],
    ...(body && { requestBody: requestBody(body, book) }),
    responses: { ...answers(call, book), ...refusals(call) },
    ...(access !== 'anyone' && { security: [{ bearer: [] }] }),
  };
}

const pathOf = (call: Call, book: SchemaBook): object[] =>
  parametersOf(call).map(([name, schema]) => ({ name, in: 'path', required: true, schema: book.of(schema) }));

const queryOf = ({ query }: Call, book: SchemaBook): object[] =>
  Object.entries<z.ZodType>(query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...of } = book.ofText(schema);
    return { name, in: 'query', required: false, description, schema: of };
  });

const headersOf = ({ headers = {} }: Call, book: SchemaBook): object[] =>
  Object.entries(headers).map(([name, { schema, required, example }]) => {
    const { description, ...of } = book.ofText(schema);
    return { name, in: 'header', required, description, example, schema: of };
  });

function requestBody(body: NonNullable<Call['body']>, book: SchemaBook): object {
  if ('csv' in body) return { required: true, content: csv(body.csv) };
  return { required: !body.safeParse(undefined).success, content: json(book.of(body)) };
}

function contentOf(answer: NonNullable<Call['answer']>, book: SchemaBook): object {
  if (answer === 'csv') return csv();
  return answer === 'events' ? { 'text/event-stream': { schema: { type: 'string' } } } : json(book.of(answer));
}

function answers(call: Call, book: SchemaBook): Record<number, object> {
  const { answer, alsoWith } = call;
  const content = answer && contentOf(answer, book);
  const done = { [successOf(call)]: { description: 'Done', ...(content && { content }) } };
  return alsoWith ? { ...done, [alsoWith]: { description: 'The same', content } } : done;
}

/** By status, with the codes that it may stand for. */
function refusals(call: Call): Record<number, object> {
  const codes: Record<number, ErrorCode[]> = {};
  for (const code of errorsOf(call)) (codes[statusOf(call, code)] ??= []).push(code);
  return Object.fromEntries(
    Object.entries(codes)
      .filter(([status]) => Number(status) !== call.alsoWith)
      .map(([status, of]) => [status, { description: of.join(', '), content: json(refusalBy(of)) }]),
  );
}

const statusOf = ({ refusedWith, errors }: Call, code: ErrorCode): number =>
  refusedWith !== undefined && errors?.includes(code) ? refusedWith : ERRORS[code].status;

const refusalBy = (codes: ErrorCode[]): JsonSchema => ({
  allOf: [
    { $ref: '#/components/schemas/Refusal' },
    { type: 'object', properties: { error: { type: 'object', properties: { code: { enum: codes } } } } },
  ],
});
