import { usePage } from '../page-context';

/** Says plainly that the connection is gone and what that means for the place. Nothing when all is well. */
export function ConnectionBanner() {
  const { state, texts } = usePage();
  const { connection, place } = state;
  const inside = place.phase === 'inside';
  const words = texts.connection;
  const text =
    connection === 'offline'
      ? inside
        ? words.offlineInside
        : words.offline
      : connection === 'reconnecting'
        ? inside
          ? words.reconnectingInside
          : words.reconnecting
        : '';
  return (
    <div role="status" class="connection" data-connection={connection} hidden={text === ''}>
      <span class="connection-mark" aria-hidden="true" />
      <span>{text}</span>
    </div>
  );
}
