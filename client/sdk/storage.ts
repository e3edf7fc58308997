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

/** Keeps in memory what a storage that is full does not take. */
export function forgivingStorage(storage: KeyValueStorage): KeyValueStorage {
  const refused = memoryStorage();
  return {
    getItem: (key) => refused.getItem(key) ?? storage.getItem(key),
    setItem: (key, value) => {
      refused.removeItem(key);
      try {
        storage.setItem(key, value);
      } catch {
        refused.setItem(key, value);
      }
    },
    removeItem: (key) => {
      refused.removeItem(key);
      storage.removeItem(key);
    },
  };
}

/**
 * The browser's storage for good (`local`) or for the tab (`session`). Where there is none, or it is full, the values are
 * forgotten with the page.
 */
export function browserStorage(kind: 'local' | 'session'): KeyValueStorage {
  try {
    const storage = kind === 'local' ? surroundings.localStorage : surroundings.sessionStorage;
    return storage ? forgivingStorage(storage) : memoryStorage();
  } catch {
    // A browser that forbids it: asking alone throws then.
    return memoryStorage();
  }
}
