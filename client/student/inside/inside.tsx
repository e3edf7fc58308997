import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/live/events';
import { asSunbeonError, type InsidePlace } from '../../sdk';
import { usePage } from '../page-context';
import { ConfirmDialog } from '../parts/confirm-dialog';
import { ViewHeading } from '../parts/heading';
import { errorText } from '../text/error-text';
import { CartPanel } from './cart-panel';
import { MyClasses } from './my-classes';
import { SearchPanel } from './search-panel';
import { TimeLeft } from './time-left';
import { useCart } from './use-cart';
import { useCommit } from './use-commit';
import { useEnrolments } from './use-enrolments';
import { useSearch } from './use-search';

type Tab = 'search' | 'cart' | 'classes';
const TABS: readonly Tab[] = ['search', 'cart', 'classes'];

function FinishButton({ inCart }: { inCart: number }) {
  const { client, texts } = usePage();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const finish = () => {
    setAsking(false);
    client.leave().catch((error: unknown) => setProblem(errorText(texts, asSunbeonError(error), client.clock.now())));
  };
  const warning = inCart > 0 ? `${texts.inside.finishCart(inCart)} ` : '';
  return (
    <>
      <button type="button" class="button button-small" onClick={() => setAsking(true)}>
        {texts.inside.finish}
      </button>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {asking && (
        <ConfirmDialog
          title={texts.inside.finishTitle}
          text={warning + texts.inside.finishText}
          stay={texts.inside.finishStay}
          go={texts.inside.finish}
          onStay={() => setAsking(false)}
          onGo={finish}
        />
      )}
    </>
  );
}

interface TabBarProps {
  tab: Tab;
  counts: Partial<Record<Tab, number>>;
  onChoose: (tab: Tab) => void;
}

/** On a phone one panel at a time; on a desk all of them, and no bar. */
function TabBar({ tab, counts, onChoose }: TabBarProps) {
  const { texts } = usePage();
  return (
    <nav class="tabs" aria-label={texts.inside.tabsLabel}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={name === tab ? 'page' : undefined}
          onClick={() => onChoose(name)}
        >
          {texts.inside.tabs[name]}
          {(counts[name] ?? 0) > 0 && <span class="count">{counts[name]}</span>}
        </button>
      ))}
    </nav>
  );
}

/** Inside: search, cart, commit, classes; with the time left always in view. */
export function InsideView({ room, place }: { room: RoomStateMessage; place: InsidePlace }) {
  const { client, state, texts } = usePage();
  const { termId } = room;
  const [tab, setTab] = useState<Tab>('search');
  const cart = useCart(termId, state.student?.id ?? '');
  const commit = useCommit(termId, cart);
  const search = useSearch(termId);
  const enrolments = useEnrolments(termId);
  const enrolled = useMemo(() => enrolments.list.map(({ section }) => section), [enrolments]);
  const enrolledIds = useMemo(() => new Set(enrolled.map(({ id }) => id)), [enrolled]);
  useEffect(() => {
    // What the student means to take is watched before what was merely found.
    client.watchSeats(
      termId,
      [...cart.sections, ...search.sections].map(({ id }) => id),
    );
  }, [client, termId, cart.sections, search.sections]);
  const choose = (next: Tab) => {
    setTab(next);
    scrollTo({ top: 0 });
  };
  return (
    <div class="inside" data-tab={tab}>
      <div class="inside-bar">
        <div class="inside-bar-words">
          <ViewHeading>{texts.inside.title}</ViewHeading>
          <p>{place.expiresAt === undefined ? texts.inside.preparing : texts.inside.lead}</p>
        </div>
        {place.expiresAt !== undefined && <TimeLeft expiresAt={place.expiresAt} />}
        <FinishButton inCart={cart.sections.length} />
      </div>
      <TabBar tab={tab} counts={{ cart: cart.sections.length, classes: enrolled.length }} onChoose={choose} />
      <div class="inside-columns">
        <SearchPanel termId={termId} search={search} cart={cart} enrolledIds={enrolledIds} />
        <div class="inside-aside">
          <CartPanel cart={cart} commit={commit} enrolled={enrolled} />
          <MyClasses termId={termId} enrolments={enrolments} planned={cart.sections} />
        </div>
      </div>
    </div>
  );
}
