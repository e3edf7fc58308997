import { useEffect, useState } from 'preact/hooks';
import { clockFace, placeKeptUntil, type SunbeonState } from '../../sdk';
import { usePage, useSecondsLeft } from '../page-context';
import type { Texts } from '../text/en';

/** A break this short, as when a server hands its students over to another, is not worth a word. */
const SHORT_BREAK_MS = 700;

/** What a lost connection means for the student, where they stand. '' when there is one, or none is wanted. */
function troubleText(words: Texts['connection'], { connection, place }: SunbeonState): string {
  const where = place.phase === 'inside' ? 'Inside' : place.phase === 'waiting' ? '' : 'Lobby';
  if (connection === 'offline') return words[`offline${where}`];
  return connection === 'reconnecting' ? words[`reconnecting${where}`] : '';
}

/** How long the room still keeps the place of one who has lost the connection just now. */
function KeptPlace() {
  const { client, state, texts } = usePage();
  const [lostAt] = useState(() => client.clock.now());
  const until = state.room && placeKeptUntil(state.room, lostAt);
  const left = useSecondsLeft(until ?? 0);
  if (state.place.phase !== 'waiting' || until === undefined) return null;
  // Read aloud once, and not with each second.
  return <span aria-live="off"> {left > 0 ? texts.connection.kept(clockFace(left)) : texts.connection.keptOver}</span>;
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
          <span>
            {text}
            <KeptPlace />
          </span>
        </div>
      )}
    </div>
  );
}
