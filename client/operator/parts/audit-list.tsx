import { useState } from 'preact/hooks';
import type { AuditEntry } from '../../../src/contract/operate/console';
import type { RoomReport } from '../../../src/contract/operate/rooms';
import type { RoomChange } from '../api';
import { useConsole, useNow } from '../console-context';
import { momentText } from '../format';
import type { ConsoleTexts } from '../text/texts';
import { ActDialog } from './act-dialog';
import { Link } from './bits';
import { useSay } from './said';

type Change = NonNullable<AuditEntry['changes']>[number];

/** What it was, in a word of its own where the control says so: paused, resumed, drained, closed. */
function actWords(texts: ConsoleTexts, { about, act, changes = [] }: AuditEntry): string {
  const control = act === 'change' && changes.find(({ setting }) => setting === 'control')?.to;
  const steered = typeof control === 'string' ? texts.audit.steered[control] : undefined;
  return steered ?? texts.audit[about][act] ?? act;
}

/** One value of a setting as people say it. */
function valueText(texts: ConsoleTexts, { setting }: Change, value: unknown, now: number): string {
  if (value === '' || value === null || value === undefined) return texts.audit.empty;
  if (setting === 'opensAt' && typeof value === 'number') return momentText(texts, value, now);
  if (setting === 'control' && typeof value === 'string') return texts.audit.controls[value] ?? value;
  if (setting === 'ratePerSecond' && typeof value === 'number') return texts.perSecond(value);
  if (setting.endsWith('Ms') && typeof value === 'number') return `${texts.decimal(value / 1_000)} s`;
  if (typeof value === 'boolean') return value ? texts.audit.yes : texts.audit.no;
  if (typeof value === 'number') return texts.number(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { texts } = useConsole();
  const now = useNow();
  if (changes.length === 0) return null;
  return (
    <ul class="audit-changes">
      {changes.map((change) => (
        <li key={change.setting}>
          <span class="audit-setting">{texts.audit.settings[change.setting] ?? change.setting}</span>{' '}
          <s>{valueText(texts, change, change.from, now)}</s> <span aria-hidden="true">→</span>{' '}
          <b>{valueText(texts, change, change.to, now)}</b>
        </li>
      ))}
    </ul>
  );
}

/** What has to be said to have it as it was; undefined when that is not possible any more, or never was. */
function undoOf(
  { about, act, version, changes = [] }: AuditEntry,
  room: RoomReport | undefined,
): RoomChange | undefined {
  if (about !== 'room' || act !== 'change' || !room || room.version !== version || changes.length === 0)
    return undefined;
  if (changes.some(({ setting, to }) => setting === 'control' && to === 'closed')) return undefined;
  const settings = changes.map(({ setting, from }): [string, unknown] =>
    setting.endsWith('Ms') ? [setting.replace(/Ms$/, 'Seconds'), Number(from) / 1_000] : [setting, from],
  );
  return Object.fromEntries(settings);
}

interface UndoProps {
  entry: AuditEntry;
  roomId: string;
  change: RoomChange;
  onUndone: () => void;
}

function Undo({ entry, roomId, change, onUndone }: UndoProps) {
  const { api, texts } = useConsole();
  const now = useNow();
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const effects = (entry.changes ?? []).map(
    (one) => `${texts.audit.settings[one.setting] ?? one.setting}: ${valueText(texts, one, one.from, now)}`,
  );
  const act = async () => {
    await api.changeRoom(roomId, change);
    say(texts.common.undone);
    onUndone();
  };
  return (
    <>
      <button type="button" class="button button-small" onClick={() => setAsking(true)}>
        {texts.common.undo}
      </button>
      {asking && (
        <ActDialog
          title={texts.audit.undoTitle}
          effects={[texts.audit.undoEffect(entry.operator), ...effects]}
          confirm={texts.common.undo}
          onAct={act}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Entry({ entry, room, onUndone }: { entry: AuditEntry; room?: RoomReport; onUndone: () => void }) {
  const { texts, maySteer } = useConsole();
  const now = useNow();
  const { roomId, studentId, termId, sectionId, note } = entry;
  const undo = maySteer ? undoOf(entry, room) : undefined;
  return (
    <li class="audit-entry" data-act={`${entry.about}.${entry.act}`}>
      <time class="audit-time" dateTime={new Date(entry.at).toISOString()}>
        {momentText(texts, entry.at, now, { seconds: true })}
      </time>
      <div class="audit-what">
        <p>
          <b>{entry.operator}</b> {actWords(texts, entry)}
        </p>
        <p class="audit-about">
          {roomId && <Link to={{ view: 'room', roomId }}>{room?.name ?? roomId}</Link>}
          {studentId && <Link to={{ view: 'students', studentId }}>{studentId}</Link>}
          {sectionId && <code>{sectionId}</code>}
          {termId && !sectionId && <code>{termId}</code>}
        </p>
        {note !== '' && <p class="audit-note">“{note}”</p>}
        <Changes changes={entry.changes ?? []} />
      </div>
      {undo && roomId && <Undo entry={entry} roomId={roomId} change={undo} onUndone={onUndone} />}
    </li>
  );
}

interface AuditListProps {
  entries: readonly AuditEntry[];
  rooms: ReadonlyMap<string, RoomReport>;
  onUndone: () => void;
}

/** Who did what, newest first; what can be undone has its way back beside it. */
export function AuditList({ entries, rooms, onUndone }: AuditListProps) {
  return (
    <ol class="audit">
      {entries.map((entry) => (
        <Entry
          key={entry.id}
          entry={entry}
          room={entry.roomId ? rooms.get(entry.roomId) : undefined}
          onUndone={onUndone}
        />
      ))}
    </ol>
  );
}
