import { usePage } from '../page-context';

/** That the seats of the term stand still, and why, in the operator's words. */
export function StopNote({ termId }: { termId: string }) {
  const { state, texts } = usePage();
  const stop = state.stops.find((one) => one.termId === termId);
  return (
    <div role="status">
      {stop && (
        <div class="notice notice-stop">
          <p class="notice-title">{texts.stop.title}</p>
          <p>{texts.errorDetails.reason(stop.reason)}</p>
          <p class="hint">{texts.stop.keep}</p>
        </div>
      )}
    </div>
  );
}
