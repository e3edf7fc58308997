import { clockFace } from '../../sdk';
import { usePage, useSecondsLeft, useTitle } from '../page-context';

/** Said aloud once each, in minutes before the end. */
const SAID_AT_MINUTES = [1, 2, 5];

/** The time left inside, by the server's clock; also in the title of the window. */
export function TimeLeft({ expiresAt }: { expiresAt: number }) {
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
