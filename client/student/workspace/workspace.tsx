import { useEffect, useRef } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import type { Place } from '../../sdk';
import { usePage } from '../page-context';
import { CartPanel } from './cart-panel';
import { InsideBar } from './inside-bar';
import { LineBar } from './line-bar';
import { MyClasses } from './my-classes';
import { SearchPanel } from './search-panel';
import { SeatsProvider, useSeats } from './seats-context';
import { SwapDialog } from './swap-dialog';
import { useSearch } from './use-search';
import { type ChosenTab, type Tab, TABS } from './use-tab';
import { WindowNote } from './window-note';

interface WorkspaceProps {
  room: RoomStateMessage;
  place: Exclude<Place, { phase: 'ended' }>;
  chosen: ChosenTab;
}

interface TabBarProps {
  tab: Tab;
  onChoose: (tab: Tab) => void;
}

/** On a phone one panel at a time; on a desk all of them, and no bar. */
function TabBar({ tab, onChoose }: TabBarProps) {
  const { texts } = usePage();
  const { cart, enrolled, waitlists } = useSeats();
  const offers = waitlists.list.filter(({ state }) => state === 'offered').length;
  const counts: Record<Tab, number> = { search: 0, cart: cart.sections.length, classes: enrolled.length };
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
          {counts[name] > 0 && <span class="count">{counts[name]}</span>}
          {name === 'classes' && offers > 0 && <span class="count count-offer">+{offers}</span>}
        </button>
      ))}
    </nav>
  );
}

/** On a phone a panel begins at its top; on a desk the column of panels moves to it. */
function bringToSight(tab: Tab, aside: HTMLElement | null): void {
  const panel = aside?.querySelector<HTMLElement>(`[data-panel=${tab}]`);
  const isDesk = matchMedia('(min-width: 60rem)').matches;
  if (!isDesk) scrollTo({ top: 0 });
  else if (aside && panel) aside.scrollTo({ top: panel.offsetTop - aside.offsetTop });
}

function Panels({ room, place, chosen }: WorkspaceProps) {
  const { client, texts } = usePage();
  const { termId, cart, enrolled, waitlists, swap, askToSwap } = useSeats();
  const search = useSearch(termId, [...enrolled, ...cart.sections]);
  const inside = place.phase === 'inside';
  const cameInside = useRef(inside);
  const { tab = 'search', open } = chosen;
  useEffect(() => {
    // What the student has or means to take is watched before what was merely found.
    const sections = [
      ...cart.sections,
      ...waitlists.list.map(({ section }) => section),
      ...enrolled,
      ...search.sections,
    ];
    client.watchSeats(
      termId,
      sections.map(({ id }) => id),
    );
  }, [client, termId, cart.sections, waitlists.list, enrolled, search.sections]);
  useEffect(() => client.connect(), [client]);
  const choosesFirst = inside && chosen.tab === undefined && cart.loaded;
  useEffect(() => {
    if (choosesFirst) open(cart.sections.length > 0 ? 'cart' : 'search');
  }, [choosesFirst]);
  const aside = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen.asked > 0) bringToSight(tab, aside.current);
  }, [tab, chosen.asked]);
  return (
    <div class="workspace" data-tab={tab} data-phase={place.phase}>
      {place.phase === 'inside' ? (
        <InsideBar place={place} wasHere={!cameInside.current} />
      ) : (
        <LineBar room={room} place={place} onBack={chosen.close} />
      )}
      <WindowNote termId={termId} />
      <p class="visually-hidden" role="status">
        {inside && !cameInside.current ? texts.inside.announce : ''}
      </p>
      <TabBar tab={tab} onChoose={open} />
      <div class="workspace-columns">
        <SearchPanel termId={termId} search={search} />
        <div class="workspace-aside" ref={aside}>
          <CartPanel />
          <MyClasses />
        </div>
      </div>
      {swap && <SwapDialog question={swap} onClose={() => askToSwap(undefined)} />}
    </div>
  );
}

/** Search, cart and classes: to prepare before and in the line, to take seats once inside. It stays as the bar changes. */
export function Workspace(props: WorkspaceProps) {
  return (
    <SeatsProvider termId={props.room.termId}>
      <Panels {...props} />
    </SeatsProvider>
  );
}
