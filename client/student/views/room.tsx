import { useEffect, useRef } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/live/events';
import { type Place, roomStateAt } from '../../sdk';
import { InsideView } from '../inside/inside';
import { usePage, useServerSeconds } from '../page-context';
import { ConnectionBanner } from '../parts/connection-banner';
import { Notice } from '../parts/notice';
import { playTurn } from '../parts/sound';
import { EndedView } from './ended';
import { LobbyView } from './lobby';
import { WaitingView } from './waiting';

interface RoomPageProps {
  room: RoomStateMessage;
  /** How many wait, by the list of rooms; shown to those who are not in line yet. */
  waitingInRoom?: number;
}

/** Sounds when the wait ends; not when a reload comes back to the inside. */
function useTurnSound(phase: Place['phase']): void {
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === 'waiting' && phase === 'inside') playTurn();
    before.current = phase;
  }, [phase]);
}

/** One room, by where the student stands in it. */
export function RoomPage({ room, waitingInRoom }: RoomPageProps) {
  const { state } = usePage();
  const now = useServerSeconds();
  const current = { ...room, state: roomStateAt(room, now) };
  const { place } = state;
  useTurnSound(place.phase);
  return (
    <>
      <ConnectionBanner />
      <Notice text={room.notice} />
      {(place.phase === 'none' || place.phase === 'joining' || place.phase === 'refused') && (
        <LobbyView room={current} waitingInRoom={waitingInRoom} place={place} />
      )}
      {place.phase === 'waiting' && <WaitingView room={current} place={place} />}
      {place.phase === 'inside' && <InsideView room={current} place={place} />}
      {place.phase === 'ended' && <EndedView room={current} reason={place.reason} />}
    </>
  );
}
