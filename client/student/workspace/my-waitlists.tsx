import { clockFace, LONGEST_COUNTDOWN_SECONDS, type Waitlist } from '../../sdk';
import { usePage, useSecondsLeft } from '../page-context';
import { AskingButton } from '../parts/asking-button';
import type { Act } from '../parts/use-act';
import { formatTime } from '../text/language';
import { sectionCode } from '../text/section-code';
import { SectionHead } from './section-facts';
import { useSeats } from './seats-context';

interface RowProps {
  waitlist: Waitlist;
  act: Act;
}

/** Leaving and declining are one request; both lose something, so both ask first. */
function GiveUpButton({ waitlist: { section, state }, act }: RowProps) {
  const { client, texts } = usePage();
  const { termId } = useSeats();
  const code = sectionCode(section);
  const words = texts.waitlist;
  const offered = state === 'offered';
  const leave = async () => {
    await client.leaveWaitlist(termId, section.id);
    return offered ? words.declined(code) : words.left(code);
  };
  const question = offered
    ? { title: words.declineTitle(code), text: words.declineText, stay: words.declineStay, go: words.declineGo }
    : { title: words.leaveTitle(code), text: words.leaveText, stay: words.leaveStay, go: words.leaveGo };
  return (
    <AskingButton
      class="button button-small"
      label={offered ? words.declineLabel(code) : words.leaveLabel(code)}
      disabled={act.working}
      question={{ ...question, danger: true }}
      onGo={() => act.run(leave)}
    >
      {offered ? words.decline : words.leave}
    </AskingButton>
  );
}

/** Until when the seat is kept: counted down by the server's clock in the last day, and in words. */
function Deadline({ expiresAt }: { expiresAt: number }) {
  const { client, texts } = usePage();
  const left = useSecondsLeft(expiresAt);
  if (left === 0) return <p class="offer-deadline">{texts.waitlist.offerOver}</p>;
  return (
    <p class="offer-deadline">
      <span class="hint">{texts.waitlist.offerLeft}</span>
      {left < LONGEST_COUNTDOWN_SECONDS && (
        <strong class="offer-clock" role="timer" aria-live="off">
          {clockFace(left)}
        </strong>
      )}
      <span class="hint">{texts.waitlist.offerUntil(formatTime(texts, expiresAt, client.clock.now()))}</span>
    </p>
  );
}

function OfferCard({ waitlist, act }: RowProps) {
  const { client, texts } = usePage();
  const { termId } = useSeats();
  const { section, offerExpiresAt } = waitlist;
  const code = sectionCode(section);
  const accept = async () => {
    await client.acceptOffer(termId, section.id);
    return texts.waitlist.accepted(code);
  };
  return (
    <li class="offer" data-section={section.id}>
      <SectionHead section={section} />
      {offerExpiresAt !== null && <Deadline expiresAt={offerExpiresAt} />}
      <div class="offer-actions">
        <button
          type="button"
          class="button button-small button-primary"
          aria-label={texts.waitlist.acceptLabel(code)}
          disabled={act.working}
          onClick={() => act.run(accept)}
        >
          {texts.waitlist.accept}
        </button>
        <GiveUpButton waitlist={waitlist} act={act} />
      </div>
    </li>
  );
}

/** Seats that are kept for the student's answer. */
export function Offers({ act }: { act: Act }) {
  const { texts } = usePage();
  const { waitlists } = useSeats();
  const offers = waitlists.list.filter(({ state }) => state === 'offered');
  if (offers.length === 0) return null;
  return (
    <div class="offers">
      <h3>{texts.waitlist.offers}</h3>
      <ul>
        {offers.map((waitlist) => (
          <OfferCard key={waitlist.section.id} waitlist={waitlist} act={act} />
        ))}
      </ul>
    </div>
  );
}

function WaitlistRow({ waitlist, act }: RowProps) {
  const { texts } = usePage();
  const { section, position } = waitlist;
  return (
    <li class="class-row waitlist-row" data-section={section.id} data-position={position}>
      <div>
        <SectionHead section={section} />
        <p class="waitlist-position">{texts.waitlist.place(position)}</p>
      </div>
      <GiveUpButton waitlist={waitlist} act={act} />
    </li>
  );
}

const MODES = ['promote', 'offer'] as const;

/** Where the student waits for a seat. */
export function MyWaitlists({ act }: { act: Act }) {
  const { texts } = usePage();
  const { waitlists } = useSeats();
  const waiting = waitlists.list.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return null;
  return (
    <div class="waitlists">
      <h3>{texts.waitlist.title}</h3>
      {MODES.filter((mode) => waiting.some((one) => (one.mode ?? 'promote') === mode)).map((mode) => (
        <p key={mode} class="hint">
          {texts.waitlist.help[mode]}
        </p>
      ))}
      <ul class="class-list">
        {waiting.map((waitlist) => (
          <WaitlistRow key={waitlist.section.id} waitlist={waitlist} act={act} />
        ))}
      </ul>
    </div>
  );
}
