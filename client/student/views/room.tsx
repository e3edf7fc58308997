import { useEffect } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import { type Place, roomStateAt } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { ConnectionBanner } from '../parts/connection-banner';
import { Notice, StopNote } from '../parts/notice';
import { SeatNews } from '../parts/seat-news';
import { Toasts } from '../parts/toasts';
import { type ChosenTab, useTab } from '../workspace/use-tab';
import { Workspace } from '../workspace/workspace';
import { EndedView } from './ended';
import { LobbyView } from './lobby';
import { WaitingView } from './waiting';

interface RoomPageProps {
  room: RoomStateMessage;
  /** How many wait, by the list of rooms; shown to those who are not in line yet. */
  waitingInRoom?: number;
}

interface PlaceViewProps extends RoomPageProps {
  place: Place;
  chosen: ChosenTab;
}

/** Where the student stands, and nothing else. */
function PlaceView({ room, waitingInRoom, place, chosen }: PlaceViewProps) {
  switch (place.phase) {
    case 'waiting':
      return <WaitingView room={room} place={place} chosen={chosen} />;
    case 'ended':
      return <EndedView room={room} place={place} />;
    case 'inside':
      return null;
    default:
      return <LobbyView room={room} waitingInRoom={waitingInRoom} place={place} chosen={chosen} />;
  }
}

/** One room, by where the student stands in it. */
export function RoomPage({ room, waitingInRoom }: RoomPageProps) {
  const { state } = usePage();
  const now = useServerSeconds();
  const current = { ...room, state: roomStateAt(room, now) };
  const { place } = state;
  const chosen = useTab();
  const ended = place.phase === 'ended';
  useEffect(() => {
    if (ended && chosen.tab) chosen.close();
  }, [ended, chosen]);
  const isAtWork = !ended && (place.phase === 'inside' || chosen.tab !== undefined);
  return (
    <>
      <Toasts atWork={isAtWork}>
        <SeatNews onSee={ended ? undefined : () => chosen.open('classes')} />
        <ConnectionBanner />
      </Toasts>
      <Notice text={room.notice} />
      <StopNote termId={room.termId} />
      {isAtWork ? (
        <Workspace room={current} place={place} chosen={chosen} />
      ) : (
        <PlaceView room={current} place={place} waitingInRoom={waitingInRoom} chosen={chosen} />
      )}
    </>
  );
}
