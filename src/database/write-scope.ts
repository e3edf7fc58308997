import { AsyncLocalStorage } from 'node:async_hooks';

const scopes = new AsyncLocalStorage<{ active: boolean }>();

/**
 * Runs `work` as the inside of a write. A write inside a write would wait for itself for ever on SQLite, and for its own
 * row locks on MySQL: it is a mistake in the program and throws at once.
 */
export async function asWrite<T>(work: () => Promise<T>): Promise<T> {
  if (scopes.getStore()?.active) throw new Error('a database write was started inside another one');
  const scope = { active: true };
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.active = false;
  }
}
