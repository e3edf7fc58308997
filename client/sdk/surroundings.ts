export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What a browser has around the client, and other places may not: the SDK runs in both. */
interface Surroundings {
  addEventListener?(type: 'online' | 'offline', listener: () => void): void;
  removeEventListener?(type: 'online' | 'offline', listener: () => void): void;
  navigator?: { onLine?: boolean };
  /** Reading it may throw where storage is forbidden. */
  localStorage?: KeyValueStorage;
  sessionStorage?: KeyValueStorage;
}

export const surroundings = globalThis as unknown as Surroundings;

/** Devices that cannot tell count as online. */
export function isDeviceOnline(): boolean {
  return surroundings.navigator?.onLine !== false;
}
