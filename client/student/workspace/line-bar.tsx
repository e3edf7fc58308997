import type { WireError } from '../../../src/contract/errors';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import { clockFace, isJoinable, LONGEST_COUNTDOWN_SECONDS, type Place, type WaitingPlace, withheldBy } from '../../sdk';
import { usePage, useSecondsLeft, useTitle } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { BackIcon } from '../parts/icons';
import { PositionAnnouncer } from '../parts/position-announcer';
import { useWait } from '../parts/use-wait';
import { errorText } from '../text/error-text';

interface LineBarProps {
  room: RoomStateMessage;
  place: Exclude<Place, { phase: 'inside' | 'ended' }>;
  onBack: () => void;
}

/** The position, as live as on the number slip. */
function PlaceInLine({ room, place }: { room: RoomStateMessage; place: WaitingPlace }) {
  const { state, texts } = usePage();
  const wait = useWait(room, place);
  const live = state.connection === 'connected' && room.state !== 'recovering';
  const { position } = place;
  const inDraw = withheldBy(room, place) === 'lottery';
  const waitWords = inDraw ? texts.waiting.inDraw : wait.isKnown ? wait.words : '';
  useTitle(position === undefined ? texts.waiting.unknownPageTitle : texts.waiting.pageTitle(position));
  return (
    <div class={waitWords ? 'bar-place' : 'bar-place bar-place-alone'} data-live={live}>
      <p class="bar-label">{live ? texts.waiting.place : texts.waiting.lastKnown}</p>
      <p class="bar-number" data-testid="position" data-position={position ?? ''}>
        {position === undefined ? '–' : texts.number(position)}
      </p>
      <p class="bar-wait">{waitWords}</p>
      <PositionAnnouncer position={position} waitWords={wait.words} />
    </div>
  );
}

/** Not in line yet: the number is one press away from here too. */
function TakeNumber({ room, place, error }: Pick<LineBarProps, 'room' | 'place'> & { error?: WireError }) {
  const { client, texts } = usePage();
  const left = useSecondsLeft(room.opensAt);
  useTitle(texts.appName);
  return (
    <>
      {room.state === 'scheduled' && left < LONGEST_COUNTDOWN_SECONDS && (
        <div class="bar-place bar-place-alone">
          <p class="bar-label">{texts.lobby.opensIn}</p>
          <p class="bar-number" role="timer" aria-live="off">
            {clockFace(left)}
          </p>
        </div>
      )}
      {isJoinable(room) && (
        <button
          type="button"
          class="button button-small button-primary"
          disabled={place.phase === 'joining'}
          onClick={() => client.join(room.roomId)}
        >
          {place.phase === 'joining' ? texts.lobby.joining : texts.lobby.join}
        </button>
      )}
      <p class="bar-problem" role="status">
        {error && errorText(texts, error, client.clock.now())}
      </p>
    </>
  );
}

/** Before the student is let in: the place in line stays in sight while the cart is prepared. */
export function LineBar({ room, place, onBack }: LineBarProps) {
  const { texts } = usePage();
  const waiting = place.phase === 'waiting';
  const error = place.phase === 'joining' || place.phase === 'refused' ? place.error : undefined;
  return (
    <div class={error ? 'bar bar-line bar-with-problem' : 'bar bar-line'}>
      <button type="button" class="bar-back" onClick={onBack}>
        <BackIcon /> <span>{waiting ? texts.prepare.backToPlace : texts.prepare.back}</span>
      </button>
      <div class="bar-words">
        <ViewHeading>{room.state === 'closed' ? texts.classes.title : texts.prepare.title}</ViewHeading>
        {room.state !== 'closed' && <p>{texts.prepare.lead}</p>}
      </div>
      {waiting ? <PlaceInLine room={room} place={place} /> : <TakeNumber room={room} place={place} error={error} />}
    </div>
  );
}
