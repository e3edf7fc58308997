import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { CrossIcon, DownIcon, UpIcon } from '../parts/icons';
import { errorText } from '../text/error-text';
import { CommitResults } from './commit-results';
import { overlaps } from './meetings';
import { sectionCode } from './section-code';
import { MeetingTimes, SeatsLeft } from './section-facts';
import { type Cart, CART_LIMIT } from './use-cart';
import type { Commit } from './use-commit';

interface CartPanelProps {
  cart: Cart;
  commit: Commit;
  /** Sections the student is enrolled in, for the warning about overlaps. */
  enrolled: Section[];
}

interface CartRowProps {
  cart: Cart;
  section: Section;
  index: number;
  clash?: Section;
}

function CartRow({ cart, section, index, clash }: CartRowProps) {
  const { texts } = usePage();
  const code = sectionCode(section);
  return (
    <li class="cart-row" data-section={section.id}>
      <span class="cart-order" aria-hidden="true">
        {index + 1}
      </span>
      <div class="cart-main">
        <p>
          <strong>{code}</strong> <span>{section.title}</span>
        </p>
        <p class="section-meta">
          <MeetingTimes meetings={section.meetings} />
        </p>
        <p class="section-meta">
          <SeatsLeft section={section} />
        </p>
        {clash && <p class="clash">{texts.cart.clash(sectionCode(clash))}</p>}
      </div>
      <div class="cart-tools">
        <button
          type="button"
          class="button-icon"
          aria-label={texts.cart.up(code)}
          disabled={index === 0}
          onClick={() => cart.move(section.id, -1)}
        >
          <UpIcon />
        </button>
        <button
          type="button"
          class="button-icon"
          aria-label={texts.cart.down(code)}
          disabled={index === cart.sections.length - 1}
          onClick={() => cart.move(section.id, 1)}
        >
          <DownIcon />
        </button>
        <button
          type="button"
          class="button-icon"
          aria-label={texts.cart.remove(code)}
          onClick={() => cart.remove(section.id)}
        >
          <CrossIcon />
        </button>
      </div>
    </li>
  );
}

/** The first class that is enrolled in, or stands before it in the cart, and overlaps. */
function clashOf(section: Section, index: number, cart: Section[], enrolled: Section[]): Section | undefined {
  return [...enrolled, ...cart.slice(0, index)].find((other) => overlaps(other.meetings, section.meetings));
}

export function CartPanel({ cart, commit, enrolled }: CartPanelProps) {
  const { client, state, texts } = usePage();
  const { sections } = cart;
  const mayCommit = state.place.phase === 'inside' && state.place.token !== undefined;
  return (
    <section class="panel panel-cart" data-panel="cart" aria-labelledby="cart-title">
      <h2 id="cart-title">{texts.cart.title}</h2>
      <CommitResults commit={commit} />
      <div role="alert">
        {commit.error && <p class="message message-bad">{errorText(texts, commit.error, client.clock.now())}</p>}
      </div>
      {sections.length === 0 ? (
        <div class="empty">
          <p>{texts.cart.empty}</p>
          <p class="hint">{texts.cart.emptyHelp}</p>
        </div>
      ) : (
        <>
          <p class="hint">{cart.isFull ? texts.cart.limit(CART_LIMIT) : texts.cart.order}</p>
          <ol class="cart-list">
            {sections.map((section, index) => (
              <CartRow
                key={section.id}
                cart={cart}
                section={section}
                index={index}
                clash={clashOf(section, index, sections, enrolled)}
              />
            ))}
          </ol>
          <div class="cart-commit">
            <button
              type="button"
              class="button button-primary button-wide button-large"
              disabled={commit.working || !mayCommit}
              onClick={commit.run}
            >
              {commit.working ? texts.cart.working : texts.cart.enrol(sections.length)}
            </button>
          </div>
        </>
      )}
    </section>
  );
}
