import type { LeftReason, RoomStateMessage } from '../../../src/live/events';
import { MyClasses } from '../inside/my-classes';
import { useEnrolments } from '../inside/use-enrolments';
import { usePage, useTitle } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { RoomBadge } from '../parts/room-badge';

/** The place is gone: why, what is left, and the way back. */
export function EndedView({ room, reason }: { room: RoomStateMessage; reason: LeftReason }) {
  const { client, texts } = usePage();
  const enrolments = useEnrolments(room.termId);
  const { title, text } = texts.ended[reason];
  const mayJoin = room.state !== 'closed' && room.state !== 'draining';
  const showClasses = reason === 'finished' || enrolments.list.length > 0;
  useTitle(`${title} · ${texts.appName}`);
  return (
    <div class="view view-narrow ended" data-reason={reason}>
      <p class="room-line">
        <span>{room.name}</span>
        <RoomBadge state={room.state} />
      </p>
      <ViewHeading class="display">{title}</ViewHeading>
      <p class="lead">{text}</p>
      {mayJoin && (
        <button
          type="button"
          class={reason === 'finished' ? 'button' : 'button button-primary button-wide button-large'}
          onClick={() => client.join(room.roomId)}
        >
          {texts.ended.again}
        </button>
      )}
      {showClasses && (
        <div class="ended-classes">
          <MyClasses termId={room.termId} enrolments={enrolments} planned={[]} />
        </div>
      )}
    </div>
  );
}
