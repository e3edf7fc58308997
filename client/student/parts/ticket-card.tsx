import { useRef } from 'preact/hooks';
import type { WaitingPlace, withheldBy } from '../../sdk';
import { usePage } from '../page-context';
import type { Wait } from './use-wait';

interface TicketCardProps {
  /** The line is being restored: what is shown stands still. */
  frozen: boolean;
  place: WaitingPlace;
  /** A lottery has given the number. */
  drawn: boolean;
  /** Why there is no position to show. */
  withheld: ReturnType<typeof withheldBy>;
  wait: Wait;
}

/** How far the student has come since the first position seen, 0 to 1. */
function progressOf({ position, startPosition }: Pick<WaitingPlace, 'position' | 'startPosition'>): number {
  if (position === undefined || startPosition === undefined) return 0;
  return startPosition <= 1 ? 1 : (startPosition - position) / (startPosition - 1);
}

/** A step that follows the last one sooner does not settle any more: the number runs, ms. */
const SETTLES_AFTER_MS = 400;

/** Another value for each position that the eye has time to see settle. */
function useSettled(position: number | undefined): number | undefined {
  const last = useRef({ position, at: -Infinity, settled: position });
  if (position !== last.current.position) {
    const at = performance.now();
    const isCalm = at - last.current.at > SETTLES_AFTER_MS;
    last.current = { position, at, settled: isCalm ? position : last.current.settled };
  }
  return last.current.settled;
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The number slip. Its size does not depend on what it says. */
export function TicketCard({ place, drawn, withheld, frozen, wait }: TicketCardProps) {
  const { state, texts } = usePage();
  const words = texts.waiting;
  const live = state.connection === 'connected' && !frozen;
  const progress = progressOf(place);
  const { position } = place;
  const settled = useSettled(position);
  const inDraw = withheld === 'lottery';
  const label = position === undefined || live ? words.place : words.lastKnown;
  return (
    <section class="ticket" aria-label={words.place} data-live={live}>
      <div class="ticket-top">
        <p class="ticket-label">{live && position === 1 ? words.next : label}</p>
        {position === undefined ? (
          <p class="ticket-position ticket-unknown" data-testid="position" data-position="">
            {inDraw ? words.drawComes : words.placeComes}
          </p>
        ) : (
          <p class="ticket-position" data-testid="position" data-position={position}>
            <span key={settled}>{texts.number(position)}</span>
          </p>
        )}
        <div
          class="progress"
          role="progressbar"
          aria-label={words.progress}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(progress * 100)}
        >
          <span style={{ transform: `scaleX(${progress})` }} />
        </div>
      </div>
      <div class="ticket-bottom">
        <dl class="ticket-facts">
          <Fact label={words.ahead} value={position === undefined ? '–' : words.people(position - 1)} />
          <Fact label={words.behind} value={position === undefined ? '–' : words.people(place.total - position)} />
          <Fact label={words.estimate} value={wait.words} />
          <Fact label={words.speed} value={wait.pace} />
        </dl>
        <p class="ticket-stub">
          <span class="ticket-number">{inDraw ? words.inDraw : words.ticketNumber(place.number)}</span>
          {drawn && <span> · {words.drawn}</span>}
        </p>
      </div>
    </section>
  );
}
