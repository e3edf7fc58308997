import { type InsidePlace, clockFace } from '../../sdk';
import { usePage, useSecondsLeft, useTitle } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { LeaveButton } from '../parts/leave-button';
import { useSeats } from './seats-context';

/** Said aloud once each, in minutes before the end. */
const SAID_AT_MINUTES = [1, 2, 5];

/** The time left inside, by the server's clock; also in the title of the window. */
function TimeLeft({ expiresAt }: { expiresAt: number }) {
  const { texts } = usePage();
  const left = useSecondsLeft(expiresAt);
  const face = clockFace(left);
  useTitle(texts.inside.pageTitle(face));
  const said = SAID_AT_MINUTES.find((minutes) => left <= minutes * 60 && left > (minutes - 1) * 60);
  return (
    <p class="time-left">
      <span class="time-left-label">{texts.inside.timeLeft}</span>
      <span class="time-left-clock" role="timer" aria-live="off" data-testid="time-left">
        {face}
      </span>
      <span class="visually-hidden" aria-live="polite">
        {said === undefined ? '' : texts.inside.lastMinutes(said)}
      </span>
    </p>
  );
}

function FinishButton() {
  const words = usePage().texts.inside;
  const { cart } = useSeats();
  const inCart = cart.sections.length;
  const warning = inCart > 0 ? `${words.finishCart(inCart)} ` : '';
  const question = {
    title: words.finishTitle,
    text: warning + words.finishText,
    stay: words.finishStay,
    go: words.finish,
  };
  return (
    <LeaveButton class="button button-small" question={question}>
      {words.finish}
    </LeaveButton>
  );
}

/** From here on the bar itself says that the end is near. */
const LOW_SECONDS = 60;

interface InsideBarProps {
  place: InsidePlace;
  /** The student was at work here already when the turn came. */
  wasHere: boolean;
}

/** Once inside: the time that is left, and the way out. */
export function InsideBar({ place, wasHere }: InsideBarProps) {
  const { texts } = usePage();
  const isLow = useSecondsLeft(place.expiresAt ?? Infinity) <= LOW_SECONDS;
  return (
    <div class="bar bar-inside" data-low={isLow}>
      <div class="bar-words">
        <ViewHeading quiet={wasHere}>{texts.inside.title}</ViewHeading>
        <p>{place.expiresAt === undefined ? texts.inside.preparing : texts.inside.lead}</p>
      </div>
      {place.expiresAt !== undefined && <TimeLeft expiresAt={place.expiresAt} />}
      <FinishButton />
    </div>
  );
}
