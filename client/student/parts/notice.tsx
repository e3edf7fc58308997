import { usePage } from '../page-context';

/** The operator's words to everyone in the room. */
export function Notice({ text }: { text: string }) {
  const { texts } = usePage();
  return (
    <div role="status" class="notice" hidden={text === ''}>
      {text !== '' && (
        <>
          <p class="notice-title">{texts.common.noticeFrom}</p>
          <p>{text}</p>
        </>
      )}
    </div>
  );
}
