import { clockFace, LONGEST_COUNTDOWN_SECONDS } from '../../sdk';
import { useSecondsLeft } from '../page-context';

interface CountdownProps {
  /** Server time, ms. */
  until: number;
  label: string;
  /** The same moment in words. */
  when: string;
}

/** Counts down by the server's clock. From a day on only the moment in words is shown. */
export function Countdown({ until, label, when }: CountdownProps) {
  const left = useSecondsLeft(until);
  return (
    <p class="countdown">
      {left < LONGEST_COUNTDOWN_SECONDS && (
        <>
          <span class="countdown-label">{label}</span>
          <span class="countdown-clock" role="timer" aria-live="off">
            {clockFace(left)}
          </span>
        </>
      )}
      <span class="countdown-when">{when}</span>
    </p>
  );
}
