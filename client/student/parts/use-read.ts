import { useEffect, useState } from 'preact/hooks';
import { asSunbeonError, retrying, type SunbeonError } from '../../sdk';

export interface Read<T> {
  /** What the service said last; undefined before its first answer. */
  found?: T;
  /** Why the last reading failed for good. */
  error?: SunbeonError;
}

/** Reads from the service, and again whenever one of `inputs` changes; tries again where waiting helps. */
export function useRead<T>(read: () => Promise<T>, inputs: readonly unknown[]): Read<T> {
  const [last, setLast] = useState<Read<T>>({});
  useEffect(() => {
    let wanted = true;
    retrying(read, { goOn: () => wanted })
      .then((found) => wanted && setLast({ found }))
      .catch((thrown: unknown) => wanted && setLast(({ found }) => ({ found, error: asSunbeonError(thrown) })));
    return () => {
      wanted = false;
    };
  }, inputs);
  return last;
}

/** Runs when the student comes back to the page after having been elsewhere. */
export function useComeBack(look: () => void): void {
  useEffect(() => {
    const handle = () => document.visibilityState === 'visible' && look();
    document.addEventListener('visibilitychange', handle);
    return () => document.removeEventListener('visibilitychange', handle);
  }, [look]);
}
