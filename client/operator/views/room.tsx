import type { RoomReport } from '../../../src/contract/operate/rooms';
import { BackIcon } from '../../student/parts/icons';
import { useConsole, useNow } from '../console-context';
import type { FeedState } from '../feed-state';
import { momentText } from '../format';
import { AuditList } from '../parts/audit-list';
import { Fact, Link, StateBadge, useAsked, ViewTitle } from '../parts/bits';
import { Countdown } from '../parts/countdown';
import { RoomPlots } from '../parts/room-plots';
import { StopBanner, StopButton } from '../parts/seat-stop';
import { outlook } from '../predict';
import { RoomControls } from '../controls/room-controls';

const SHOWN_ACTS = 8;

function LastIn({ room }: { room: RoomReport }) {
  const { texts } = useConsole();
  const now = useNow();
  const { lastInAt, because } = outlook(room, now);
  const label = because === 'full' ? texts.room.lastInLate : texts.room.lastIn;
  const none = because === 'nobody_waits' ? texts.room.nobody : texts.room.stands;
  return <Fact label={label}>{lastInAt === undefined ? none : momentText(texts, lastInAt, now)}</Fact>;
}

function Facts({ room }: { room: RoomReport }) {
  const { texts } = useConsole();
  return (
    <dl class="totals room-facts">
      <Fact label={texts.today.waiting}>
        <span data-testid="waiting">{texts.number(room.waiting)}</span>
      </Fact>
      <Fact label={texts.room.present}>{texts.number(room.present)}</Fact>
      <Fact label={texts.today.inside}>
        {texts.number(room.inside)} <small>/ {texts.number(room.capacity)}</small>
      </Fact>
      <Fact label={texts.today.speed}>
        {texts.decimal(room.speed)} <small>/ {texts.decimal(room.ratePerSecond)}</small>
      </Fact>
      <LastIn room={room} />
    </dl>
  );
}

function Acts({ room }: { room: RoomReport }) {
  const { api, texts } = useConsole();
  const asked = useAsked(() => api.audit({ roomId: room.id, limit: SHOWN_ACTS }), [room.id, room.version]);
  return (
    <section class="panel" aria-labelledby="room-acts">
      <h2 id="room-acts">{texts.room.acts}</h2>
      {asked.found?.entries.length === 0 && <p class="hint">{texts.room.noActs}</p>}
      <AuditList entries={asked.found?.entries ?? []} rooms={new Map([[room.id, room]])} onUndone={asked.again} />
    </section>
  );
}

function Opening({ room }: { room: RoomReport }) {
  const { texts } = useConsole();
  const now = useNow();
  const when = momentText(texts, room.opensAt, now);
  if (now >= room.opensAt) return <span>{texts.today.openSince(when)}</span>;
  return (
    <>
      <Countdown until={room.opensAt} label={texts.today.opensIn} /> <span>· {texts.today.opensAt(when)}</span>
    </>
  );
}

function Room({ room, state }: { room: RoomReport; state: FeedState }) {
  const { texts, maySteer } = useConsole();
  const terms = state.terms.filter(({ id }) => id === room.termId);
  const stops = state.stops.filter(({ termId }) => termId === room.termId);
  return (
    <>
      <div class="view-head">
        <div>
          <ViewTitle title={room.name}>{room.name}</ViewTitle>
          <p class="room-meta">
            <StateBadge state={room.state} /> <Opening room={room} />
          </p>
        </div>
        <StopButton terms={terms} stops={stops} />
      </div>
      <StopBanner terms={terms} stops={stops} />
      {room.state === 'unavailable' && <p class="message message-bad">{texts.room.unavailable}</p>}
      {room.trailLag > 1_000 && <p class="message">{texts.room.trailLag(room.trailLag)}</p>}
      {room.notice !== '' && (
        <p class="message room-notice">
          <b>{texts.room.notice}</b> {room.notice}
        </p>
      )}
      <Facts room={room} />
      {maySteer && <RoomControls room={room} />}
      <RoomPlots room={room} state={state} />
      <Acts room={room} />
    </>
  );
}

/** One room: what happens in it, and what can be done about it. */
export function RoomView({ roomId }: { roomId: string }) {
  const { texts, feed } = useConsole();
  const room = feed.state?.rooms.get(roomId);
  return (
    <>
      <Link to={{ view: 'today' }} class="back">
        <BackIcon /> {texts.room.back}
      </Link>
      {!feed.state && <p class="loading">{texts.common.loading}</p>}
      {feed.state && !room && <p class="empty">{texts.room.gone}</p>}
      {feed.state && room && <Room room={room} state={feed.state} />}
    </>
  );
}
