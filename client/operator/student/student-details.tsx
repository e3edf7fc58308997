import type { ComponentChildren } from 'preact';
import type { AuditEntry, StudentFile, StudentPlace } from '../../../src/contract/operate/console';
import { useConsole, useNow } from '../console-context';
import { momentText } from '../format';
import { AuditList } from '../parts/audit-list';
import { Link } from '../parts/bits';
import { EndSignInsButton, EnrolButton, LetInButton, RemoveButton, UnenrolButton } from './student-acts';
import { TrailList } from './trail-list';

interface DetailsProps {
  file: StudentFile;
  /** Looks anew, after something was done. */
  again: () => void;
}

function Panel({
  id,
  title,
  tools,
  children,
}: {
  id: string;
  title: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel-head">
        <h3 id={id}>{title}</h3>
        {tools}
      </div>
      {children}
    </section>
  );
}

function Place({
  place: { roomId, roomName, place, unavailable },
  file,
  again,
}: DetailsProps & { place: StudentPlace }) {
  const { texts, maySteer } = useConsole();
  const now = useNow();
  const words = texts.student;
  const when = (at: number): string => momentText(texts, at, now, { seconds: true });
  const state = place?.state ?? 'none';
  const stands = (): string => {
    if (unavailable || !place) return words.unavailable;
    if (place.state === 'admitted') return words.insideUntil(when(place.expiresAt ?? 0));
    if (place.state === 'ended') return words.endedBecause(texts.reasons[place.reason ?? ''] ?? place.reason ?? '');
    return place.position ? words.waitingAt(texts.number(place.position)) : words.waits;
  };
  return (
    <li class="place" data-room={roomId} data-place={state}>
      <div class="place-what">
        <Link to={{ view: 'room', roomId }}>{roomName}</Link>
        <p class="place-stands">{stands()}</p>
        {place && (
          <p class="hint">
            {words.number(place.number)} · {words.since(when(place.joinedAt))}
          </p>
        )}
        {place?.state === 'admitted' && place.acknowledged === false && <p class="hint">{words.notHeard}</p>}
      </div>
      {maySteer && place && place.state !== 'ended' && (
        <div class="place-tools">
          {place.state === 'waiting' && <LetInButton {...{ file, again, roomId, roomName }} />}
          <RemoveButton {...{ file, again, roomId, roomName, isInside: place.state === 'admitted' }} />
        </div>
      )}
    </li>
  );
}

/** Where the student has, or had, a place; the other rooms in one line. */
function Places({ file, again }: DetailsProps) {
  const { texts } = useConsole();
  const [somewhere, nowhere] = [true, false].map((has) =>
    file.rooms.filter(({ place, unavailable }) => (place !== undefined || unavailable === true) === has),
  ) as [StudentPlace[], StudentPlace[]];
  return (
    <>
      <ul class="rows">
        {somewhere.map((place) => (
          <Place key={place.roomId} place={place} file={file} again={again} />
        ))}
      </ul>
      {nowhere.length > 0 && (
        <p class="hint places-none">{texts.student.noPlaceIn(nowhere.map(({ roomName }) => roomName).join(', '))}</p>
      )}
    </>
  );
}

function Identity({ file, again }: DetailsProps) {
  const { texts, maySteer } = useConsole();
  const words = texts.student;
  const { student, signedIn, roster, sockets } = file;
  const facts = [student.classYear, student.email, signedIn ? words.connected(sockets) : words.neverSignedIn];
  return (
    <header class="panel student-head">
      <div>
        <h2>{student.name}</h2>
        <p class="student-id">{student.id}</p>
        <p class="hint">{facts.filter(Boolean).join(' · ')}</p>
        <p class={roster === 'on_hold' || roster === 'not_listed' ? 'roster-bad' : 'hint'}>{words.roster[roster]}</p>
      </div>
      {maySteer && signedIn && <EndSignInsButton file={file} again={again} />}
    </header>
  );
}

function Seats({ file, again }: DetailsProps) {
  const { texts, maySteer } = useConsole();
  const now = useNow();
  const words = texts.student;
  return (
    <Panel id="seats" title={words.seats} tools={maySteer && <EnrolButton file={file} again={again} />}>
      {file.seats.length === 0 && <p class="hint">{words.noSeats}</p>}
      <ul class="rows">
        {file.seats.map((seat) => (
          <li key={`${seat.termId} ${seat.sectionId}`} class="row" data-section={seat.sectionId}>
            <div>
              <p>
                <b>{seat.code}</b> {seat.title}
              </p>
              <p class="hint">{words.since(momentText(texts, seat.enrolledAt, now))}</p>
            </div>
            {maySteer && <UnenrolButton {...{ file, again, seat }} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Waits({ file }: { file: StudentFile }) {
  const { texts } = useConsole();
  const now = useNow();
  const words = texts.student;
  return (
    <Panel id="waits" title={words.waitlists}>
      {file.waits.length === 0 && <p class="hint">{words.noWaits}</p>}
      <ul class="rows">
        {file.waits.map((one) => (
          <li key={`${one.termId} ${one.sectionId}`} class="row">
            <div>
              <p>
                <b>{one.code}</b> {one.title}
              </p>
              <p class="hint">
                {one.state === 'offered' && one.offerExpiresAt !== null
                  ? words.offered(momentText(texts, one.offerExpiresAt, now))
                  : words.position(one.position)}{' '}
                · {words.since(momentText(texts, one.joinedAt, now))}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Mails({ file }: { file: StudentFile }) {
  const { texts } = useConsole();
  const now = useNow();
  return (
    <Panel id="mails" title={texts.student.mails}>
      {file.mails.length === 0 && <p class="hint">{texts.student.noMails}</p>}
      <ul class="mail-list">
        {file.mails.map((mail) => (
          <li key={mail.id} class="mail" data-state={mail.state}>
            <details>
              <summary>
                <span class="mail-subject">{mail.subject}</span>
                <span class="mail-facts">
                  {momentText(texts, mail.createdAt, now)} <span class="badge">{texts.outbox.states[mail.state]}</span>
                </span>
              </summary>
              <p class="mail-text">{mail.text}</p>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Where a student stands, since when, and how it came. */
export function StudentDetails({ file, acts, again }: DetailsProps & { acts: readonly AuditEntry[] }) {
  const { texts, feed } = useConsole();
  const words = texts.student;
  return (
    <div class="student-details">
      <Identity file={file} again={again} />
      <div class="columns">
        <div class="column">
          <Panel id="places" title={words.where}>
            <Places file={file} again={again} />
          </Panel>
          <Seats file={file} again={again} />
          <Waits file={file} />
        </div>
        <div class="column">
          <Panel id="trail" title={words.trail}>
            {file.trail.length === 0 && <p class="hint">{words.noTrail}</p>}
            <TrailList lines={file.trail} />
          </Panel>
          <Panel id="acts" title={words.acts}>
            {acts.length === 0 && <p class="hint">{words.noActs}</p>}
            <AuditList entries={acts} rooms={feed.state?.rooms ?? new Map()} onUndone={again} />
          </Panel>
          <Mails file={file} />
        </div>
      </div>
    </div>
  );
}
