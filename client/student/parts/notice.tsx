import { usePage } from '../page-context';

/** The operator's words to everyone in the room. */
export function Notice({ text }: { text: string }) {
  const { texts } = usePage();
  return (
    <div role="status">
      {text !== '' && (
        <div class="notice">
          <p class="notice-title">{texts.common.noticeFrom}</p>
          <p>{text}</p>
        </div>
      )}
    </div>
  );
}

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
