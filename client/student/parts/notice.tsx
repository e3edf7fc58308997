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
