import type { RoomStateMessage } from '../../../src/contract/rooms';
import { isBeforeOpening, isDrawPending, type WaitingPlace, withheldBy } from '../../sdk';
import { usePage, useServerSeconds, useTitle } from '../page-context';
import { Countdown } from '../parts/countdown';
import { ViewHeading } from '../parts/heading';
import { LeaveButton } from '../parts/leave-button';
import { PositionAnnouncer } from '../parts/position-announcer';
import { PrepareCard } from '../parts/prepare-card';
import { RoomLine } from '../parts/room-line';
import { SoundChoice } from '../parts/sound';
import { TicketCard } from '../parts/ticket-card';
import { useWait } from '../parts/use-wait';
import { formatTime } from '../text/language';
import type { ChosenTab } from '../workspace/use-tab';

interface WaitingViewProps {
  room: RoomStateMessage;
  place: WaitingPlace;
  chosen: ChosenTab;
}

function RoomTrouble({ state }: { state: RoomStateMessage['state'] }) {
  const { texts } = usePage();
  const trouble = state === 'paused' || state === 'recovering' || state === 'draining';
  return <div role="status">{trouble && <p class="message message-strong">{texts.waiting[state]}</p>}</div>;
}

function LeaveLine({ beforeDraw }: { beforeDraw: boolean }) {
  const words = usePage().texts.waiting;
  const question = {
    title: words.leaveTitle,
    text: beforeDraw ? words.leaveDrawText : words.leaveText,
    stay: words.leaveStay,
    go: words.leaveGo,
    danger: true,
  };
  return (
    <LeaveButton class="button-quiet" question={question}>
      {words.leave}
    </LeaveButton>
  );
}

/** In line: the number, live, and everything that makes waiting calm. */
export function WaitingView({ room, place, chosen }: WaitingViewProps) {
  const { texts } = usePage();
  const now = useServerSeconds();
  const scheduled = isBeforeOpening({ ...room, now });
  const wait = useWait(room, place);
  const { position } = place;
  const withheld = withheldBy(room, place);
  const beforeDraw = withheld === 'lottery' && isDrawPending(room);
  const lineTitle = scheduled ? texts.waiting.scheduledTitle : texts.waiting.title;
  useTitle(position === undefined ? texts.waiting.unknownPageTitle : texts.waiting.pageTitle(position));
  return (
    <div class="view view-narrow waiting">
      <RoomLine room={room} />
      <ViewHeading>{beforeDraw ? texts.waiting.lotteryTitle : lineTitle}</ViewHeading>
      {scheduled && (
        <Countdown until={room.opensAt} label={texts.lobby.opensIn} when={formatTime(texts, room.opensAt, now)} />
      )}
      {beforeDraw && <p class="message">{texts.lobby.lottery}</p>}
      <RoomTrouble state={room.state} />
      <TicketCard
        place={place}
        drawn={room.lottery?.seed !== undefined}
        withheld={withheld}
        frozen={room.state === 'recovering'}
        wait={wait}
      />
      <PositionAnnouncer position={position} waitWords={wait.words} />
      <div role="status">{wait.why && <p class="message">{wait.why}</p>}</div>
      <p class="hint">{texts.waiting.keepOpen}</p>
      <PrepareCard termId={room.termId} open={chosen.open} />
      <div class="waiting-actions">
        <SoundChoice />
        <LeaveLine beforeDraw={beforeDraw} />
      </div>
    </div>
  );
}
