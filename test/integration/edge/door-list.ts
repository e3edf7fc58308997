import 'reflect-metadata';
import { type DynamicModule, RequestMethod, type Type } from '@nestjs/common';
import { AppModule } from '../../../src/app.module';
import { loadConfig } from '../../../src/config/load-config';
import { LiveGateway } from '../../../src/live/live.gateway';

export interface Route {
  method: string;
  /** With its parameters as `:name`. */
  path: string;
}

type Method = (...args: unknown[]) => unknown;

const methodsOf = ({ prototype }: Type): Method[] =>
  Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return typeof value === 'function' && name !== 'constructor' ? [value as Method] : [];
  });

const read = <T>(key: string, of: object): T | undefined => Reflect.getMetadata(key, of) as T | undefined;

const joined = (...parts: string[]): string => `/${parts.join('/')}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');

function routesOf(controller: Type): Route[] {
  const prefix = read<string>('path', controller) ?? '';
  return methodsOf(controller).flatMap((handler) => {
    const path = read<string>('path', handler);
    const method = RequestMethod[read<RequestMethod>('method', handler) ?? RequestMethod.GET];
    return path === undefined ? [] : [{ method, path: joined(prefix, path) }];
  });
}

/** A module and all that it imports, each once. */
function modulesFrom(root: Type | DynamicModule, seen = new Set<Type | DynamicModule>()): (Type | DynamicModule)[] {
  if (seen.has(root)) return [];
  seen.add(root);
  const own = 'module' in root ? [root.module, ...(root.imports ?? [])] : (read<Type[]>('imports', root) ?? []);
  return [root, ...own.flatMap((one) => modulesFrom(one as Type | DynamicModule, seen))];
}

/** Every HTTP route of the service, as its controllers declare them. */
export const httpRoutes = (): Route[] =>
  modulesFrom(AppModule.register(loadConfig({})))
    .flatMap((one) => ('module' in one ? (one.controllers ?? []) : (read<Type[]>('controllers', one) ?? [])))
    .flatMap(routesOf);

/** Every event that a socket may send. */
export const socketEvents = (): string[] =>
  methodsOf(LiveGateway).flatMap((handler) => read<string>('message', handler) ?? []);
