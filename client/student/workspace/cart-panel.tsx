import { CART_LIMIT, type CartObstacle, type Section } from '../../sdk';
import { usePage } from '../page-context';
import { CrossIcon, DownIcon, UpIcon } from '../parts/icons';
import { Loading } from '../parts/loading';
import { errorText, obstacleText } from '../text/error-text';
import { sectionCode } from '../text/section-code';
import { CommitResults } from './commit-results';
import { SeatsLeft, SectionHead } from './section-facts';
import { useSeats } from './seats-context';
import { classInTheWay, SwapForThis } from './swap-for-this';
import { type Commit, useCommit } from './use-commit';

/** What the pre-check says of a section, and the swap that would help where a class of the student's is in the way. */
function Obstacle({ section, obstacle }: { section: Section; obstacle: CartObstacle }) {
  const { client, texts } = usePage();
  const { cart, enrolledIds, mayTake } = useSeats();
  const inCart = new Set(cart.sections.map(({ id }) => id));
  const giveId = classInTheWay(section, obstacle, enrolledIds);
  return (
    <div class="obstacle" data-code={obstacle.code}>
      <p>{obstacleText(texts, obstacle, inCart, client.clock.now())}</p>
      {mayTake && giveId && <SwapForThis section={section} giveId={giveId} />}
    </div>
  );
}

function CartTools({ section, index }: { section: Section; index: number }) {
  const { texts } = usePage();
  const { cart } = useSeats();
  const code = sectionCode(section);
  return (
    <div class="cart-tools" role="group" aria-label={code}>
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
  );
}

function CartRow({ section, index }: { section: Section; index: number }) {
  const { texts } = usePage();
  const { cart } = useSeats();
  const obstacle = cart.obstacles.get(section.id);
  return (
    <li class="cart-row" data-section={section.id}>
      <span class="cart-order" aria-hidden="true">
        {index + 1}
      </span>
      <div class="cart-main">
        <SectionHead section={section} />
        <p class="section-meta">
          <span class="cart-credits">{texts.section.credits(section.credits)}</span> · <SeatsLeft section={section} />
        </p>
        {obstacle && <Obstacle section={section} obstacle={obstacle} />}
      </div>
      <CartTools section={section} index={index} />
    </li>
  );
}

const sumOf = (sections: readonly Section[]): number =>
  sections.reduce((sum, { credits }) => sum + Math.max(0, credits), 0);

/** What the cart comes to with the classes that the student has, and how much is allowed. Variable credits count nothing. */
function CreditSum() {
  const { texts } = usePage();
  const { cart, enrolled, enrolledIds } = useSeats();
  const inCart = sumOf(cart.sections.filter(({ id }) => !enrolledIds.has(id)));
  const had = sumOf(enrolled);
  const { creditLimit } = cart;
  const isOver = creditLimit !== undefined && inCart + had > creditLimit;
  return (
    <p class="credit-sum" data-over={isOver}>
      {texts.cart.credits(inCart, had)}
      {creditLimit !== undefined && (
        <strong> {isOver ? texts.cart.overLimit(creditLimit) : texts.cart.creditLimit(creditLimit)}</strong>
      )}
    </p>
  );
}

function FilledCart({ commit }: { commit: Commit }) {
  const { state, texts } = usePage();
  const { cart, mayTake } = useSeats();
  const inside = state.place.phase === 'inside';
  const order = inside ? texts.cart.order : texts.cart.later;
  return (
    <>
      <p class="hint">{cart.isFull ? texts.cart.limit(CART_LIMIT) : order}</p>
      <ol class="cart-list">
        {cart.sections.map((section, index) => (
          <CartRow key={section.id} section={section} index={index} />
        ))}
      </ol>
      <CreditSum />
      {inside && (
        <div class="cart-commit">
          <button
            type="button"
            class="button button-primary button-wide button-large"
            disabled={commit.working || !mayTake}
            onClick={commit.run}
          >
            {commit.working ? texts.cart.working : texts.cart.enrol(cart.sections.length)}
          </button>
        </div>
      )}
    </>
  );
}

/** What the student means to take, in order of preference; once inside, the one press that takes it. */
export function CartPanel() {
  const { client, texts } = usePage();
  const { termId, cart } = useSeats();
  const commit = useCommit(termId, cart);
  const problem = commit.error ?? cart.error;
  return (
    <section class="panel panel-cart" data-panel="cart" aria-labelledby="cart-title">
      <h2 id="cart-title">{texts.cart.title}</h2>
      <CommitResults commit={commit} />
      <div role="alert">
        {problem && <p class="message message-bad">{errorText(texts, problem, client.clock.now())}</p>}
      </div>
      {!cart.loaded && !cart.error && <Loading text={texts.common.loading} />}
      {cart.loaded && cart.sections.length === 0 && (
        <div class="empty">
          <p>{texts.cart.empty}</p>
          <p class="hint">{texts.cart.emptyHelp}</p>
        </div>
      )}
      {cart.sections.length > 0 && <FilledCart commit={commit} />}
    </section>
  );
}
