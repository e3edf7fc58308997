import type { RoomReport } from '../../../src/contract/operate/rooms';
import { useConsole, useNow } from '../console-context';
import type { FeedState } from '../feed-state';
import { momentText } from '../format';
import { Fact, Link, StateBadge, ViewTitle } from '../parts/bits';
import { Countdown } from '../parts/countdown';
import { Sparkline } from '../parts/sparkline';
import { StopBanner, StopButton } from '../parts/seat-stop';

const MINUTE_MS = 60_000;

/** Where something happens first, then what comes next, then what is over. */
const ORDER: RoomReport['state'][] = ['unavailable', 'recovering', 'paused', 'open', 'draining', 'scheduled', 'closed'];

function inOrder(one: RoomReport, other: RoomReport): number {
  return ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || one.opensAt - other.opensAt;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function lastMinute(at: readonly number[], values: readonly number[], now: number): number {
  return sum(values.filter((_, index) => (at[index] ?? 0) > now - MINUTE_MS));
}

function Totals({ state, rooms }: { state: FeedState; rooms: readonly RoomReport[] }) {
  const { texts } = useConsole();
  const { service, toldAt } = state;
  const refused = sum(Object.values(service.refused).map((counts) => lastMinute(service.at, counts, toldAt)));
  const sockets = sum(state.pods.map((pod) => pod.sockets));
  return (
    <dl class="totals">
      <Fact label={texts.today.waiting}>{texts.number(sum(rooms.map(({ waiting }) => waiting)))}</Fact>
      <Fact label={texts.today.inside}>{texts.number(sum(rooms.map(({ inside }) => inside)))}</Fact>
      <Fact label={texts.today.speed}>{texts.decimal(sum(rooms.map(({ speed }) => speed)))}</Fact>
      <Fact label={texts.today.sockets}>{texts.number(sockets)}</Fact>
      <Fact label={texts.today.seats}>{texts.number(lastMinute(service.at, service.enrolled, toldAt))}</Fact>
      <Fact label={texts.today.refused}>{texts.number(refused)}</Fact>
    </dl>
  );
}

function Opening({ room }: { room: RoomReport }) {
  const { texts } = useConsole();
  const now = useNow();
  const when = momentText(texts, room.opensAt, now);
  if (now < room.opensAt) {
    return (
      <p class="card-opening">
        <Countdown until={room.opensAt} label={texts.today.opensIn} /> <span>· {texts.today.opensAt(when)}</span>
      </p>
    );
  }
  return <p class="card-opening">{texts.today.openSince(when)}</p>;
}

function RoomCard({ room, state }: { room: RoomReport; state: FeedState }) {
  const { texts } = useConsole();
  const history = state.lines[room.id];
  const share = room.capacity > 0 ? Math.min(1, room.inside / room.capacity) : 0;
  return (
    <li class="room-card" data-room={room.id} data-state={room.state}>
      <div class="card-head">
        <h2>
          <Link to={{ view: 'room', roomId: room.id }} class="card-link">
            {room.name}
          </Link>
        </h2>
        <StateBadge state={room.state} />
      </div>
      <Opening room={room} />
      <div class="card-figures">
        <p class="card-waiting">
          <b>{texts.number(room.waiting)}</b> <span>{texts.today.waiting}</span>
        </p>
        <div class="card-line">
          {history && history.at.length > 1 ? (
            <Sparkline at={history.at} values={history.waiting} now={state.toldAt} />
          ) : (
            <span class="hint">{texts.today.noHistory}</span>
          )}
        </div>
      </div>
      <div class="card-inside">
        <div class="meter" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} data-full={share >= 1} />
        </div>
        <p>
          <span>{texts.today.insideOf(room.inside, room.capacity)}</span>
          <span>{texts.today.speedOf(room.speed, room.ratePerSecond)}</span>
        </p>
      </div>
    </li>
  );
}

/** Every room at a glance. */
export function TodayView() {
  const { texts, feed } = useConsole();
  const { state } = feed;
  const rooms = [...(state?.rooms.values() ?? [])].sort(inOrder);
  const [closed, living] = [
    rooms.filter((room) => room.state === 'closed'),
    rooms.filter((room) => room.state !== 'closed'),
  ];
  return (
    <>
      <div class="view-head">
        <ViewTitle title={texts.today.title}>{texts.today.title}</ViewTitle>
        {state && <StopButton terms={state.terms} stops={state.stops} />}
      </div>
      {!state && <p class="loading">{texts.common.loading}</p>}
      {state && (
        <>
          <StopBanner terms={state.terms} stops={state.stops} />
          <Totals state={state} rooms={living} />
          {rooms.length === 0 && <p class="empty">{texts.today.none}</p>}
          <ul class="room-cards">
            {living.map((room) => (
              <RoomCard key={room.id} room={room} state={state} />
            ))}
          </ul>
          {closed.length > 0 && (
            <details class="closed-rooms">
              <summary>{texts.today.closedRooms(closed.length)}</summary>
              <ul class="room-cards">
                {closed.map((room) => (
                  <RoomCard key={room.id} room={room} state={state} />
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </>
  );
}
