import { useEffect, useState } from 'preact/hooks';
import type { Waitlist } from '../../sdk';
import { usePage } from '../page-context';

/** Nobody is in a hurry here, and many come in the same minute: everybody asks a moment later, at a time of their own. */
const ASK_WITHIN_MS = 3000;

/** For whoever comes back for a seat that was offered: it needs no place in line. While one waits, news come live. */
export function OffersHint({ termId, onSee }: { termId: string; onSee: () => void }) {
  const { client, state, texts } = usePage();
  const [waitlists, setWaitlists] = useState<Waitlist[]>([]);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      // Not worth a word when it fails: the same is behind the button below.
      const found = await client.api.waitlists(termId).catch(() => []);
      if (!wanted) return;
      setWaitlists(found);
      if (found.length > 0) client.connect();
    };
    const timer = setTimeout(() => void ask(), Math.random() * ASK_WITHIN_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, termId, state.enrolmentChanges]);
  const offers = waitlists.filter((one) => one.state === 'offered').length;
  return (
    <div role="status">
      {offers > 0 && (
        <div class="message offers-hint">
          <p>{texts.prepare.offers(offers)}</p>
          <button type="button" class="button button-small" onClick={onSee}>
            {texts.prepare.seeOffers}
          </button>
        </div>
      )}
    </div>
  );
}
