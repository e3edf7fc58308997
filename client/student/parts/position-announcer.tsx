import { useEffect, useRef, useState } from 'preact/hooks';
import { usePage } from '../page-context';

/** A screen reader hears the position this often at most; near the front, where every place counts, sooner. */
const ANNOUNCE_EVERY_MS = 30_000;
const ANNOUNCE_NEAR_FRONT_MS = 8_000;
const NEAR_FRONT = 10;

/** Says the position politely, now and then. */
export function PositionAnnouncer({ position, waitWords }: { position?: number; waitWords: string }) {
  const { texts } = usePage();
  const [said, setSaid] = useState('');
  const last = useRef({ at: -Infinity, position: 0 });
  useEffect(() => {
    if (position === undefined) return;
    const pause = position <= NEAR_FRONT ? ANNOUNCE_NEAR_FRONT_MS : ANNOUNCE_EVERY_MS;
    const now = performance.now();
    const nextNow = position === 1 && last.current.position !== 1;
    if (position === last.current.position || (now - last.current.at < pause && !nextNow)) return;
    last.current = { at: now, position };
    setSaid(position === 1 ? texts.waiting.announceNext : texts.waiting.announce(position, waitWords));
  }, [position, waitWords, texts]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
