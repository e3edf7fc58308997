import { type KeyValueStorage, surroundings } from './surroundings';

/** For where there is no storage, or the browser forbids it: forgets with the page. */
export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** The browser's storage for good (`local`) or for the tab (`session`); one in memory where there is none. */
export function browserStorage(kind: 'local' | 'session'): KeyValueStorage {
  try {
    const storage = kind === 'local' ? surroundings.localStorage : surroundings.sessionStorage;
    return storage ?? memoryStorage();
  } catch {
    // A browser that forbids it: asking alone throws then.
    return memoryStorage();
  }
}
