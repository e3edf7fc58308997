import type { RoomStateMessage } from '../../../src/contract/rooms';
import { RoomBadge } from './room-badge';

/** Which room a view is about, and how it stands. */
export function RoomLine({ room }: { room: Pick<RoomStateMessage, 'name' | 'state'> }) {
  return (
    <p class="room-line">
      <span>{room.name}</span>
      <RoomBadge state={room.state} />
    </p>
  );
}
