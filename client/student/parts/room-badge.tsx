import type { RoomStateName } from '../../../src/contract/rooms';
import { usePage } from '../page-context';

export function RoomBadge({ state }: { state: RoomStateName }) {
  const { texts } = usePage();
  return (
    <span class="badge" data-state={state}>
      {texts.roomStates[state]}
    </span>
  );
}
