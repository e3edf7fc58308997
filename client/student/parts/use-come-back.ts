import { useEffect } from 'preact/hooks';

/** Runs when the student comes back to the page after having been elsewhere. */
export function useComeBack(look: () => void): void {
  useEffect(() => {
    const handle = () => document.visibilityState === 'visible' && look();
    document.addEventListener('visibilitychange', handle);
    return () => document.removeEventListener('visibilitychange', handle);
  }, [look]);
}
