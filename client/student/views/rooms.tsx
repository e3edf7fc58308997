import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asSunbeonError, between, hasPlace, retrying, type RoomView } from '../../sdk';
import { usePage } from '../page-context';
import { BackIcon } from '../parts/icons';
import { Loading } from '../parts/loading';
import { useTurnSound } from '../parts/sound';
import { errorText } from '../text/error-text';
import { RoomPage } from './room';
import { RoomList } from './room-list';

/** While a list is on the screen it is read again this often, each browser at its own pace. */
const LOOK_AGAIN_MS = { least: 8_000, most: 12_000 };

interface RoomsLoad {
  rooms?: RoomView[];
  error?: { code: string };
}

/** The rooms, read again while they matter: in a room's line the socket tells more, so the list rests. */
function useRooms(inLine: boolean, chosen: string | undefined): RoomsLoad {
  const { client } = usePage();
  const [load, setLoad] = useState<RoomsLoad>({});
  const watching = !inLine || (!chosen && load.rooms?.length !== 1);
  useEffect(() => {
    if (!watching) return;
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    const look = async () => {
      try {
        const rooms = await client.rooms();
        if (!ended) setLoad({ rooms });
      } catch (thrown) {
        const error = asSunbeonError(thrown);
        if (!ended) setLoad((before) => ({ rooms: before.rooms, error }));
      }
      if (!ended) timer = setTimeout(() => void look(), between(LOOK_AGAIN_MS));
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

/**
 * Keeps the place in the room that is looked at, and while the list is, the one that the student has, or has left there
 * with an earlier page: looking around costs nobody the place. Of one that was taken on another device, or that this
 * browser could not remember, the service knows. What becomes of it is not missed: `show` leads back.
 */
function useKeptRoom(rooms: RoomView[] | undefined, roomId: string | undefined, show: (roomId: string) => void): void {
  const { client, state } = usePage();
  const { place } = state;
  const kept = useRef<string | undefined>(undefined);
  const placeBefore = useRef(place);
  useEffect(() => {
    if (roomId === kept.current) return;
    if (kept.current && hasPlace(place)) {
      // The way back of the browser leads to other rooms, too.
      if (roomId) show(kept.current);
      return;
    }
    if (kept.current) client.closeRoom();
    kept.current = roomId;
    if (roomId) client.resume(roomId);
  }, [client, roomId]);
  const isList = !roomId && rooms !== undefined;
  useEffect(() => {
    if (isList) kept.current ??= rooms.find((room) => client.resume(room.roomId))?.roomId;
  }, [client, isList]);
  const stands = place.phase !== 'none';
  useEffect(() => {
    if (stands || rooms === undefined) return;
    let wanted = true;
    const isOpen = (id: string) => (roomId ? id === roomId : rooms.some((room) => room.roomId === id));
    const comeBack = (places: string[]) => {
      const found = places.find(isOpen);
      if (!wanted || !found || client.state.place.phase !== 'none') return;
      kept.current = found;
      client.comeBack(found);
    };
    // Not worth a word when it fails for good: whoever takes a number is given the one that they have.
    retrying(() => client.api.places(), { goOn: () => wanted }).then(comeBack, () => undefined);
    return () => {
      wanted = false;
    };
  }, [client, roomId, rooms !== undefined, stands]);
  useEffect(() => {
    const hadPlace = hasPlace(placeBefore.current);
    placeBefore.current = place;
    if (!roomId && kept.current && hadPlace) show(kept.current);
  }, [place.phase]);
  useEffect(() => () => client.closeRoom(), [client]);
}

/** Which room; when there is only one, straight to it. */
export function RoomsView() {
  const { client, state, texts } = usePage();
  const [chosen, choose] = useChosenRoom();
  const { rooms, error } = useRooms(hasPlace(state.place), chosen);
  const only = rooms?.length === 1 ? rooms[0]?.roomId : undefined;
  const roomId = chosen ?? only;
  useKeptRoom(rooms, roomId, choose);
  useTurnSound(state.place.phase);

  const listed = rooms?.find((one) => one.roomId === roomId);
  const told = state.room?.roomId === roomId ? state.room : undefined;
  // Without a place the list may be the first to hear that a closed room is open again.
  const room =
    told && listed && !hasPlace(state.place) && listed.serverTime > told.serverTime ? listed : (told ?? listed);
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
  if (rooms) return <RoomList rooms={rooms} place={state.place} placeIn={state.room?.roomId} onChoose={choose} />;
  return error ? (
    <p class="message message-bad view view-narrow" role="alert">
      {errorText(texts, error, client.clock.now())}
    </p>
  ) : (
    <Loading text={texts.common.loading} />
  );
}
