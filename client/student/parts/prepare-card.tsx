import { usePage } from '../page-context';
import type { Tab } from '../workspace/use-tab';

interface PrepareCardProps {
  termId: string;
  /** Nobody goes in any more: there is nothing to prepare, only to look at. */
  closed?: boolean;
  open: (tab: Tab) => void;
}

/** The way to the cart before the student's turn. Nothing is read from the service until it is taken. */
export function PrepareCard({ termId, closed = false, open }: PrepareCardProps) {
  const { client, texts } = usePage();
  const words = texts.prepare;
  const inCart = client.cart(termId).state.sections.length;
  if (closed) {
    return (
      <div class="prepare">
        <button type="button" class="button" onClick={() => open('classes')}>
          {words.classes}
        </button>
      </div>
    );
  }
  return (
    <section class="prepare" aria-labelledby="prepare-title">
      <h2 id="prepare-title">{words.invite}</h2>
      <p class="hint">{words.inviteText}</p>
      <div class="prepare-actions">
        <button type="button" class="button" onClick={() => open(inCart > 0 ? 'cart' : 'search')}>
          {inCart > 0 ? words.openFilled(inCart) : words.open}
        </button>
        <button type="button" class="button-quiet" onClick={() => open('classes')}>
          {words.classes}
        </button>
      </div>
    </section>
  );
}
