import { useCallback, useEffect, useState } from 'preact/hooks';
import { asSunbeonError, needsSignIn, roomStateAt, type RoomView } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { BackIcon } from '../parts/icons';
import { Loading } from '../parts/loading';
import { RoomBadge } from '../parts/room-badge';
import { errorText } from '../text/error-text';
import { formatTime } from '../text/language';
import { RoomPage } from './room';

/** While a list is on the screen it is read again this often, each browser at its own pace. */
const LOOK_AGAIN_MS = { least: 8_000, most: 12_000 };

interface RoomsLoad {
  rooms?: RoomView[];
  error?: { code: string };
}

/** The rooms, read again while `watching`; in line the socket tells more, so the list rests. */
function useRooms(watching: boolean): RoomsLoad {
  const { client } = usePage();
  const [load, setLoad] = useState<RoomsLoad>({});
  useEffect(() => {
    if (!watching) return;
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const look = async () => {
      try {
        const rooms = await client.api.rooms();
        if (!ended) setLoad({ rooms });
      } catch (thrown) {
        const error = asSunbeonError(thrown);
        if (needsSignIn(error)) client.endSignIn();
        else if (!ended) setLoad((before) => ({ rooms: before.rooms, error }));
      }
      if (!ended)
        timer = setTimeout(
          () => void look(),
          LOOK_AGAIN_MS.least + Math.random() * (LOOK_AGAIN_MS.most - LOOK_AGAIN_MS.least),
        );
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [client, watching]);
  return load;
}

/** Ids of rooms need no encoding; whatever else stands there is no room. */
const roomInAddress = (): string | undefined => /^\/rooms\/([a-z0-9-]+)\/?$/.exec(location.pathname)?.[1];

/** The chosen room is in the address: a reload, and the back button, find it. */
function useChosenRoom(): [string | undefined, (roomId: string | undefined) => void] {
  const [roomId, setRoomId] = useState(roomInAddress);
  useEffect(() => {
    const read = () => setRoomId(roomInAddress());
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const choose = useCallback((next: string | undefined) => {
    history.pushState(null, '', next ? `/rooms/${next}` : '/');
    setRoomId(next);
  }, []);
  return [roomId, choose];
}

function RoomList({ rooms, onChoose }: { rooms: RoomView[]; onChoose: (roomId: string) => void }) {
  const { texts } = usePage();
  const now = useServerSeconds();
  return (
    <div class="view view-narrow">
      <ViewHeading>{texts.rooms.title}</ViewHeading>
      {rooms.length === 0 && (
        <div class="empty">
          <p>{texts.rooms.none}</p>
          <p class="hint">{texts.rooms.noneHelp}</p>
        </div>
      )}
      <ul class="room-list">
        {rooms.map((room) => {
          const state = roomStateAt(room, now);
          return (
            <li key={room.roomId}>
              <button type="button" class="room-choice" onClick={() => onChoose(room.roomId)}>
                <span class="room-choice-name">{room.name}</span>
                <RoomBadge state={state} />
                <span class="hint">
                  {state === 'scheduled'
                    ? texts.rooms.opens(formatTime(texts, room.opensAt, now))
                    : texts.rooms.waiting(room.waiting)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Which room; when there is only one, straight to it. */
export function RoomsView() {
  const { client, state, texts } = usePage();
  const [chosen, choose] = useChosenRoom();
  const { phase } = state.place;
  const { rooms, error } = useRooms(phase !== 'waiting' && phase !== 'inside');
  const only = rooms?.length === 1 ? rooms[0]?.roomId : undefined;
  const roomId = chosen ?? only;
  useEffect(() => {
    if (!roomId) return;
    client.resume(roomId);
    return () => client.closeRoom();
  }, [client, roomId]);

  const room = state.room?.roomId === roomId ? state.room : rooms?.find((one) => one.roomId === roomId);
  const listed = rooms?.find((one) => one.roomId === roomId);
  if (roomId && room) {
    return (
      <>
        {(rooms?.length ?? 0) > 1 && (
          <div class="back">
            <button type="button" class="button-quiet" onClick={() => choose(undefined)}>
              <BackIcon /> {texts.rooms.back}
            </button>
          </div>
        )}
        <RoomPage room={room} waitingInRoom={listed?.waiting} />
      </>
    );
  }
  if (rooms) return <RoomList rooms={rooms} onChoose={choose} />;
  return error ? (
    <p class="message message-bad view view-narrow" role="alert">
      {errorText(texts, error, client.clock.now())}
    </p>
  ) : (
    <Loading text={texts.common.loading} />
  );
}
