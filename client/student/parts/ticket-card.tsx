import type { WaitingPlace } from '../../sdk';
import { usePage } from '../page-context';

interface TicketCardProps {
  place: WaitingPlace;
  waitWords: string;
  /** Places per second now; 0 when the line stands. */
  speed: number;
}

/** How far the student has come since the first position seen, 0 to 1. */
export function progressOf({ position, startPosition }: Pick<WaitingPlace, 'position' | 'startPosition'>): number {
  return startPosition <= 1 ? 1 : (startPosition - position) / (startPosition - 1);
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
export function TicketCard({ place, waitWords, speed }: TicketCardProps) {
  const { state, texts } = usePage();
  const words = texts.waiting;
  const live = state.connection === 'connected';
  const progress = progressOf(place);
  return (
    <section class="ticket" aria-label={words.place} data-live={live}>
      <div class="ticket-top">
        <p class="ticket-label">
          <span>{live ? (place.position === 1 ? words.next : words.place) : texts.connection.lastKnown}</span>
          <span class="ticket-number">{words.ticketNumber(place.number)}</span>
        </p>
        <p class="ticket-position" data-testid="position" data-position={place.position}>
          <span key={place.position}>{texts.number(place.position)}</span>
        </p>
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
      <dl class="ticket-facts">
        <Fact label={words.ahead} value={words.people(place.position - 1)} />
        <Fact label={words.behind} value={words.people(place.total - place.position)} />
        <Fact label={words.estimate} value={waitWords} />
        <Fact label={words.speed} value={speed > 0 ? words.perSecond(speed) : words.standing} />
      </dl>
    </section>
  );
}
