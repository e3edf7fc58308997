import { useState } from 'preact/hooks';
import type { RoomStateMessage } from '../../../src/live/events';
import { roundedTime, speedNow, timeUntilTurn, type WaitingPlace } from '../../sdk';
import { usePage, useServerSeconds, useTitle } from '../page-context';
import { ConfirmDialog } from '../parts/confirm-dialog';
import { Countdown } from '../parts/countdown';
import { ViewHeading } from '../parts/heading';
import { PositionAnnouncer } from '../parts/position-announcer';
import { RoomBadge } from '../parts/room-badge';
import { SoundChoice } from '../parts/sound-choice';
import { TicketCard } from '../parts/ticket-card';
import type { Texts } from '../text/en';
import { errorText } from '../text/error-text';
import { asSunbeonError } from '../../sdk';
import { formatTime } from '../text/language';

interface WaitingViewProps {
  room: RoomStateMessage;
  place: WaitingPlace;
}

/** The wait in words. */
export function waitText(texts: Texts, ms: number | undefined, onHold: boolean): string {
  if (ms === undefined) return onHold ? texts.waiting.onHold : texts.waiting.unknown;
  const { unit, count } = roundedTime(ms);
  if (unit === 'moment') return texts.waiting.moment;
  return unit === 'minutes' ? texts.waiting.minutes(count) : texts.waiting.hours(count);
}

function RoomTrouble({ state }: { state: RoomStateMessage['state'] }) {
  const { texts } = usePage();
  const trouble = state === 'paused' || state === 'recovering' || state === 'draining';
  return <div role="status">{trouble && <p class="message message-strong">{texts.waiting[state]}</p>}</div>;
}

function LeaveLine() {
  const { client, texts } = usePage();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const go = () => {
    setAsking(false);
    client.leave().catch((error: unknown) => setProblem(errorText(texts, asSunbeonError(error), client.clock.now())));
  };
  return (
    <>
      <button type="button" class="button-quiet" onClick={() => setAsking(true)}>
        {texts.waiting.leave}
      </button>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {asking && (
        <ConfirmDialog
          title={texts.waiting.leaveTitle}
          text={texts.waiting.leaveText}
          stay={texts.waiting.leaveStay}
          go={texts.waiting.leaveGo}
          danger
          onStay={() => setAsking(false)}
          onGo={go}
        />
      )}
    </>
  );
}

/** In line: the number, live, and everything that makes waiting calm. */
export function WaitingView({ room, place }: WaitingViewProps) {
  const { texts } = usePage();
  const now = useServerSeconds();
  const scheduled = room.state === 'scheduled';
  const wait = timeUntilTurn({ ...place, ...room, now });
  const waitWords = waitText(texts, wait, room.state === 'paused' || room.state === 'recovering');
  useTitle(texts.waiting.pageTitle(place.position));
  return (
    <div class="view view-narrow waiting">
      <p class="room-line">
        <span>{room.name}</span>
        <RoomBadge state={room.state} />
      </p>
      <ViewHeading>{scheduled ? texts.waiting.scheduledTitle : texts.waiting.title}</ViewHeading>
      {scheduled && (
        <Countdown until={room.opensAt} label={texts.lobby.opensIn} when={formatTime(texts, room.opensAt, now)} />
      )}
      <RoomTrouble state={room.state} />
      <TicketCard place={place} waitWords={waitWords} speed={speedNow({ ...place, ...room, now })} />
      <PositionAnnouncer position={place.position} waitWords={waitWords} />
      <p class="hint">{texts.waiting.keepOpen}</p>
      <div class="waiting-actions">
        <SoundChoice />
        <LeaveLine />
      </div>
    </div>
  );
}
