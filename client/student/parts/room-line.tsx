import type { RoomStateMessage, RoomStateName } from '../../../src/contract/rooms';
import { usePage } from '../page-context';

export function RoomBadge({ state }: { state: RoomStateName }) {
  const { texts } = usePage();
  return (
    <span class="badge" data-state={state}>
      {texts.roomStates[state]}
    </span>
  );
}

/** Which room a view is about, and how it stands. */
export function RoomLine({ room }: { room: Pick<RoomStateMessage, 'name' | 'state'> }) {
  return (
    <p class="room-line">
      <span>{room.name}</span>
      <RoomBadge state={room.state} />
    </p>
  );
}
