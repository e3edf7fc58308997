import { useEffect, useState } from 'preact/hooks';
import type { SunbeonState } from '../../sdk';
import { usePage } from '../page-context';
import type { Texts } from '../text/en';

/** A break this short, as when a server hands its students over to another, is not worth a word. */
const SHORT_BREAK_MS = 700;

/** What a lost connection means for the student, where they stand. '' when there is one, or none is wanted. */
function troubleText(words: Texts['connection'], { connection, place }: SunbeonState): string {
  const where = place.phase === 'inside' ? 'Inside' : place.phase === 'waiting' ? '' : 'Lobby';
  if (connection === 'offline') return words[`offline${where}`];
  return connection === 'reconnecting' ? words[`reconnecting${where}`] : '';
}

/** Says plainly that the connection is gone and what that means for the place. Nothing when all is well. */
export function ConnectionBanner() {
  const { state, texts } = usePage();
  const [lasting, setLasting] = useState(false);
  const text = troubleText(texts.connection, state);
  const lost = text !== '';
  useEffect(() => {
    if (!lost) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), SHORT_BREAK_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  const shown = lost && (lasting || state.connection === 'offline');
  return (
    <div role="status">
      {shown && (
        <div class="toast connection">
          <span class="connection-mark" aria-hidden="true" />
          <span>{text}</span>
        </div>
      )}
    </div>
  );
}
