import type { LeftReason } from '../../../src/contract/line';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import { isDrawPending, isJoinable, type Place } from '../../sdk';
import { usePage, useTitle } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { RoomLine } from '../parts/room-line';
import { endedText } from '../text/place-text';
import { MyClasses } from '../workspace/my-classes';
import { SeatsProvider, useSeats } from '../workspace/seats-context';

/** What the student has; where there is nothing, only whoever was inside is told so: the last answer may be unheard. */
function WhatIsLeft({ reason }: { reason: LeftReason }) {
  const { enrolled, waitlists } = useSeats();
  const wasInside = reason === 'finished' || reason === 'expired';
  if (!wasInside && enrolled.length + waitlists.list.length === 0) return null;
  return (
    <div class="ended-classes">
      <MyClasses />
    </div>
  );
}

/** The place is gone: why, what is left, and the way back. */
export function EndedView({ room, place }: { room: RoomStateMessage; place: Place & { phase: 'ended' } }) {
  const { reason, why } = place;
  const { client, texts } = usePage();
  const { title, text } = endedText(texts, reason, why);
  const joinsDrawAgain = isDrawPending(room) && (reason === 'left' || reason === 'away');
  useTitle(`${title} · ${texts.appName}`);
  return (
    <div class="view view-narrow ended" data-reason={reason}>
      <RoomLine room={room} />
      <ViewHeading class="display">{title}</ViewHeading>
      <p class="lead">{joinsDrawAgain ? texts.ended.beforeDraw : text}</p>
      {isJoinable(room) && (
        <button
          type="button"
          class={reason === 'finished' ? 'button' : 'button button-primary button-wide button-large'}
          onClick={() => client.join(room.roomId)}
        >
          {texts.ended.again}
        </button>
      )}
      <SeatsProvider termId={room.termId}>
        <WhatIsLeft reason={reason} />
      </SeatsProvider>
    </div>
  );
}
