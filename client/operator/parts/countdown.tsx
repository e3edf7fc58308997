import { useNow } from '../console-context';
import { durationText } from '../format';

/** Counts down by the server's clock. */
export function Countdown({ until, label }: { until: number; label: string }) {
  const now = useNow();
  return (
    <span class="countdown-inline">
      {label}{' '}
      <b role="timer" aria-live="off">
        {durationText(until - now)}
      </b>
    </span>
  );
}
