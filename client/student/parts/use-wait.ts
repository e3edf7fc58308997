import { useEffect, useRef, useState } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import {
  CalmWait,
  type EstimateInput,
  isFull,
  isShut,
  type SunbeonState,
  speedNow,
  timeUntilTurn,
  type WaitingPlace,
} from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import type { Texts } from '../text/en';
import { isOnHold, waitText } from '../text/place-text';

export interface Wait {
  /** How long it may take, in words. */
  words: string;
  /** Whether that says anything that the room's state does not say already. */
  isKnown: boolean;
  /** How fast the line moves, in words. */
  pace: string;
  /** Why it stands or moves as it does; '' when there is nothing to say. */
  why: string;
}

/** What was heard last is still said for so long after the connection is gone, ms. */
const STALE_AFTER_MS = 10_000;

/** Whether what the service said last says nothing of now any more. A device without a network knows it at once. */
function useStale({ connection }: SunbeonState): boolean {
  const [stale, setStale] = useState(false);
  const live = connection === 'connected';
  useEffect(() => {
    if (live) return setStale(false);
    const timer = setTimeout(() => setStale(true), STALE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [live]);
  return stale || connection === 'offline';
}

/** The wait of one who is in line, said calmly: what is shown changes seldom and by little. */
export function useWait(room: RoomStateMessage, place: WaitingPlace): Wait {
  const { state, texts } = usePage();
  const now = useServerSeconds();
  const calm = useRef<CalmWait | undefined>(undefined);
  const stale = useStale(state);
  const line = { ...place, ...room, now };
  calm.current ??= new CalmWait();
  const said = calm.current.next(stale ? undefined : timeUntilTurn(line), now, place.flow ? 'flow' : 'speed');
  const speed = stale ? undefined : speedNow(line);
  const words = texts.waiting;
  return {
    words: waitText(texts, said, isOnHold(room.state)),
    isKnown: said !== undefined || isOnHold(room.state),
    pace: speed === undefined ? words.unknown : texts.pace(speed),
    why: stale ? '' : reasonOf(words, line),
  };
}

function reasonOf(words: Texts['waiting'], line: EstimateInput): string {
  if (isShut(line)) return words.shut;
  if (!line.flow || !isFull(line)) return '';
  const full = words.full(line.flow.capacity);
  return speedNow(line) === undefined ? `${full} ${words.notMeasured}` : full;
}
