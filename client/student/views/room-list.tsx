import { hasPlace, type Place, roomStateAt, type RoomView } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { ConnectionBanner } from '../parts/connection-banner';
import { ViewHeading } from '../parts/heading';
import { RoomBadge } from '../parts/room-line';
import { SignOutEverywhere } from '../parts/sign-out-everywhere';
import { Toasts } from '../parts/toasts';
import { formatTime } from '../text/language';

interface RoomListProps {
  rooms: RoomView[];
  /** The place that the student has, and in which room: it is kept while the list is looked at. */
  place: Place;
  placeIn: string | undefined;
  onChoose: (roomId: string) => void;
}

/** What stands below a room's name: the student's own place there, or else how it is going. */
function RoomHint({ room, place, isMine }: { room: RoomView; place: Place; isMine: boolean }) {
  const { texts } = usePage();
  const now = useServerSeconds();
  if (isMine && place.phase === 'inside') return <strong class="room-choice-place">{texts.rooms.inside}</strong>;
  if (isMine && place.phase === 'waiting')
    return <strong class="room-choice-place">{texts.rooms.inLine(place.position)}</strong>;
  return (
    <span class="hint">
      {roomStateAt(room, now) === 'scheduled'
        ? texts.rooms.opens(formatTime(texts, room.opensAt, now))
        : texts.rooms.waiting(room.waiting)}
    </span>
  );
}

/** All rooms. Whoever has a place looks at another room in another tab: one tab keeps one place. */
export function RoomList({ rooms, place, placeIn, onChoose }: RoomListProps) {
  const { texts } = usePage();
  const now = useServerSeconds();
  const isHeld = hasPlace(place);
  return (
    <div class="view view-narrow">
      <Toasts>{isHeld && <ConnectionBanner />}</Toasts>
      <ViewHeading>{texts.rooms.title}</ViewHeading>
      {isHeld && <p>{texts.rooms.placeKept}</p>}
      {rooms.length === 0 && (
        <div class="empty">
          <p>{texts.rooms.none}</p>
          <p class="hint">{texts.rooms.noneHelp}</p>
        </div>
      )}
      <ul class="room-list">
        {rooms.map((room) => {
          const isMine = isHeld && room.roomId === placeIn;
          const content = (
            <>
              <span class="room-choice-name">{room.name}</span>
              <RoomBadge state={roomStateAt(room, now)} />
              <RoomHint room={room} place={place} isMine={isMine} />
            </>
          );
          return (
            <li key={room.roomId}>
              {isHeld && !isMine ? (
                <a class="room-choice" href={`/rooms/${room.roomId}`} target="_blank" rel="noopener">
                  {content}
                </a>
              ) : (
                <button type="button" class="room-choice" onClick={() => onChoose(room.roomId)}>
                  {content}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <SignOutEverywhere />
    </div>
  );
}
