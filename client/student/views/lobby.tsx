import type { RoomStateMessage } from '../../../src/contract/rooms';
import { isDrawPending, isJoinable, LONGEST_COUNTDOWN_SECONDS, type Place } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { Countdown } from '../parts/countdown';
import { ViewHeading } from '../parts/heading';
import { SignOutEverywhere } from '../parts/sign-out-everywhere';
import { OffersHint } from '../parts/offers-hint';
import { PrepareCard } from '../parts/prepare-card';
import { RoomLine } from '../parts/room-line';
import type { Texts } from '../text/en';
import { errorText } from '../text/error-text';
import { formatTime } from '../text/language';
import type { ChosenTab } from '../workspace/use-tab';

interface LobbyViewProps {
  room: RoomStateMessage;
  waitingInRoom?: number;
  place: Extract<Place, { phase: 'none' | 'joining' | 'refused' }>;
  chosen: ChosenTab;
}

function wordsFor(
  words: Texts['lobby'],
  state: RoomStateMessage['state'],
  beforeDraw: boolean,
): { title: string; lead: string } {
  switch (state) {
    case 'scheduled':
      return { title: words.scheduledTitle, lead: beforeDraw ? words.lotteryLead : words.scheduledLead };
    case 'open':
      return { title: words.openTitle, lead: words.openLead };
    case 'paused':
      return { title: words.openTitle, lead: words.pausedLead };
    case 'recovering':
      return { title: words.openTitle, lead: words.recoveringLead };
    case 'draining':
      return { title: words.drainingTitle, lead: words.drainingLead };
    case 'closed':
      return { title: words.closedTitle, lead: words.closedLead };
  }
}

/** When the student's own window opens, for whoever came before it; server time, ms. */
function ownTurnAt(place: LobbyViewProps['place']): number | undefined {
  if (place.phase !== 'joining' || place.error?.code !== 'window_not_open') return undefined;
  const opensAt = place.error.details?.['opensAt'];
  return typeof opensAt === 'number' ? opensAt : undefined;
}

/** Who is here before the own window has opened, and when that is. */
function EarlyArrival({ turnAt, now }: { turnAt: number; now: number }) {
  const { texts } = usePage();
  const isNear = turnAt - now < LONGEST_COUNTDOWN_SECONDS * 1_000;
  return (
    <>
      <ViewHeading class="display">{texts.lobby.earlyTitle}</ViewHeading>
      <Countdown until={turnAt} label={texts.lobby.earlyIn} when={formatTime(texts, turnAt, now)} />
      <p class="lead">{isNear ? texts.lobby.earlyLead : texts.lobby.earlyDayLead}</p>
    </>
  );
}

/** How it stands in the room, for whoever may take a number now or as soon as it opens. */
function Welcome({ room, now }: { room: RoomStateMessage; now: number }) {
  const { texts } = usePage();
  const beforeDraw = isDrawPending(room) && (room.state === 'scheduled' || room.state === 'paused');
  const { title, lead } = wordsFor(texts.lobby, room.state, beforeDraw);
  return (
    <>
      <ViewHeading class="display">{title}</ViewHeading>
      {room.state === 'scheduled' && (
        <Countdown until={room.opensAt} label={texts.lobby.opensIn} when={formatTime(texts, room.opensAt, now)} />
      )}
      <p class="lead">{lead}</p>
      {beforeDraw && <p class="message">{texts.lobby.lottery}</p>}
    </>
  );
}

/** Why there is no number yet, or none at all. */
function JoinMessage({ place }: Pick<LobbyViewProps, 'place'>) {
  const { client, texts } = usePage();
  if (place.phase === 'none' || !place.error) return null;
  const now = client.clock.now();
  if (place.phase === 'refused') {
    return (
      <div class="message message-bad">
        <strong>{texts.lobby.refusedTitle}</strong>
        <p>{errorText(texts, place.error, now)}</p>
      </div>
    );
  }
  if (ownTurnAt(place) !== undefined) return null;
  return <p class="message">{`${errorText(texts, place.error, now)} ${texts.common.retrying}`}</p>;
}

/** Before the student has a number. */
export function LobbyView({ room, waitingInRoom, place, chosen }: LobbyViewProps) {
  const { client, texts } = usePage();
  const now = useServerSeconds();
  const joining = place.phase === 'joining';
  const turnAt = ownTurnAt(place);
  const isEarly = turnAt !== undefined && turnAt > now;
  return (
    <div class="view view-narrow lobby">
      <RoomLine room={room} />
      {isEarly ? <EarlyArrival turnAt={turnAt} now={now} /> : <Welcome room={room} now={now} />}
      <OffersHint termId={room.termId} onSee={() => chosen.open('classes')} />
      <div role="status">
        <JoinMessage place={place} />
      </div>
      {isJoinable(room) && !isEarly && (
        <>
          <button
            type="button"
            class="button button-primary button-wide button-large"
            disabled={joining}
            onClick={() => client.join(room.roomId)}
          >
            {joining ? texts.lobby.joining : texts.lobby.join}
          </button>
          <p class="hint">{texts.lobby.oneTicket}</p>
        </>
      )}
      {room.state !== 'closed' && waitingInRoom !== undefined && (
        <dl class="facts">
          <div>
            <dt>{texts.lobby.inLine}</dt>
            <dd>{texts.waiting.people(waitingInRoom)}</dd>
          </div>
          <div>
            <dt>{texts.lobby.rate}</dt>
            <dd>{texts.pace(room.ratePerSecond)}</dd>
          </div>
        </dl>
      )}
      <PrepareCard termId={room.termId} closed={room.state === 'closed'} open={chosen.open} />
      <SignOutEverywhere />
    </div>
  );
}
