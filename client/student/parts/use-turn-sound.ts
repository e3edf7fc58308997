import { useEffect, useRef } from 'preact/hooks';
import type { Place } from '../../sdk';
import { playChime } from './sound';

/** Sounds when the wait ends; not when a reload comes back to the inside. */
export function useTurnSound(phase: Place['phase']): void {
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === 'waiting' && phase === 'inside') playChime();
    before.current = phase;
  }, [phase]);
}
