import { createParamDecorator, Delete, type ExecutionContext, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { type AnswerOf, type AskedOf, type Call, jsonBodyOf, parametersOf, successOf } from '../contract/call';
import { DomainError } from './domain-error';
import { parseInput } from './validation';

const CALL = Symbol('call');

const ROUTES = { get: Get, post: Post, put: Put, patch: Patch, delete: Delete };

type Handler<C extends Call> = (...args: never[]) => AnswerOf<C> | Promise<AnswerOf<C>>;

/** The method of a controller answers this call of the contract: its route, its status and what it resolves to. */
export function Serves<const C extends Call>(call: C) {
  return <T extends Handler<C>>(target: object, name: string, descriptor: TypedPropertyDescriptor<T>): void => {
    Reflect.defineMetadata(CALL, call, descriptor.value as object);
    ROUTES[call.method](call.path.replace(/\{(\w+)\}/g, ':$1'))(target, name, descriptor);
    HttpCode(successOf(call))(target, name, descriptor);
  };
}

/** The call of the contract that a controller's method answers. */
export const callOf = (handler: object): Call | undefined => Reflect.getMetadata(CALL, handler) as Call | undefined;

/**
 * What is asked by the call that the method serves, checked: parameters of the path, query, body. Give it the type
 * `AskedOf<typeof call>`. Headers and bodies of CSV are read by their own decorators.
 *
 * @throws DomainError `invalid_input`, `unsupported_type`
 */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): AskedOf<Call> => {
  const call = callOf(context.getHandler()) as Call;
  const request = context.switchToHttp().getRequest<Request>();
  const schema = jsonBodyOf(call);
  const body: unknown = schema && parseInput(schema, jsonOf(request));
  const query: unknown = call.query && parseInput(call.query, request.query);
  const path = parametersOf(call).map(([name, of]): [string, unknown] => [
    name,
    parseNamed(name, of, request.params[name]),
  ]);
  return { path: Object.fromEntries(path), query, body } as AskedOf<Call>;
});

/** Problems name what was given. @throws DomainError `invalid_input` */
export function parseNamed<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  return parseInput(z.object({ [name]: schema }), { [name]: value })[name] as z.output<S>;
}

/** What the framework has read as JSON; a body of another type is not read, and must not be taken for none. */
function jsonOf(request: Request): unknown {
  if (request.headers['content-length'] !== '0' && request.is('json') === false) {
    throw new DomainError('unsupported_type', 'Send the body as Content-Type: application/json.');
  }
  return request.body as unknown;
}
