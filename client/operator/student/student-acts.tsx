import { useState } from 'preact/hooks';
import type { StudentFile } from '../../../src/contract/operate/console';
import { useConsole } from '../console-context';
import { ActDialog, ReasonField } from '../parts/act-dialog';
import { useSay } from '../parts/said';
import { EnrolDialog, type StudentActProps } from './enrol-dialog';

interface ReasonedActProps {
  label: string;
  class?: string;
  effects: readonly string[];
  warnings?: readonly string[];
  danger?: boolean;
  said: string;
  onAct: (note: string) => Promise<void>;
  again: () => void;
}

/** A button for what needs a reason, and says before what it will do. */
function ReasonedAct({ label, class: className = '', said, onAct, again, ...asked }: ReasonedActProps) {
  const { texts } = useConsole();
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const act = async () => {
    await onAct(note.trim());
    say(said);
    again();
  };
  return (
    <>
      <button type="button" class={`button button-small ${className}`} onClick={() => setAsking(true)}>
        {label}
      </button>
      {asking && (
        <ActDialog
          {...asked}
          title={label}
          confirm={label}
          problem={note.trim() === '' ? texts.controls.invalid : undefined}
          onAct={act}
          onClose={() => setAsking(false)}
        >
          <ReasonField value={note} onValue={setNote} />
        </ActDialog>
      )}
    </>
  );
}

type InRoomProps = StudentActProps & { roomId: string; roomName: string };

export function LetInButton({ file: { student }, again, roomId, roomName }: InRoomProps) {
  const { api, texts } = useConsole();
  const words = texts.student;
  return (
    <ReasonedAct
      label={words.letIn}
      class="act-let-in"
      effects={[words.letInEffect(student.name, roomName)]}
      said={words.said.letIn}
      onAct={(note) => api.admit(roomId, student.id, note)}
      again={again}
    />
  );
}

export function RemoveButton({
  file: { student },
  again,
  roomId,
  roomName,
  isInside,
}: InRoomProps & { isInside: boolean }) {
  const { api, texts } = useConsole();
  const words = texts.student;
  const effect = isInside ? words.removeInside : words.removeWaiting;
  return (
    <ReasonedAct
      label={words.remove}
      class="button-harm act-remove"
      danger
      effects={[effect(student.name, roomName)]}
      warnings={[words.removedNotUndone]}
      said={words.said.remove}
      onAct={(note) => api.remove(roomId, student.id, note)}
      again={again}
    />
  );
}

export function UnenrolButton({
  file: { student },
  again,
  seat,
}: StudentActProps & { seat: StudentFile['seats'][number] }) {
  const { api, texts } = useConsole();
  const words = texts.student;
  return (
    <ReasonedAct
      label={words.unenrol}
      class="button-harm"
      danger
      effects={[words.unenrolEffect(student.name, seat.code)]}
      said={words.said.unenrol}
      onAct={(note) => api.unenrol(seat.termId, seat.sectionId, student.id, note)}
      again={again}
    />
  );
}

export function EndSignInsButton({ file: { student }, again }: StudentActProps) {
  const { api, texts } = useConsole();
  const words = texts.student;
  return (
    <ReasonedAct
      label={words.endSignIns}
      effects={[words.endSignInsEffect(student.name)]}
      said={words.said.endSignIns}
      onAct={(note) => api.endSignIns(student.id, note)}
      again={again}
    />
  );
}

export function EnrolButton({ file, again }: StudentActProps) {
  const { texts, feed } = useConsole();
  const [asking, setAsking] = useState(false);
  const terms = feed.state?.terms ?? [];
  if (terms.length === 0) return null;
  return (
    <>
      <button type="button" class="button button-small" onClick={() => setAsking(true)}>
        {texts.student.enrol}
      </button>
      {asking && <EnrolDialog {...{ file, again, terms }} onClose={() => setAsking(false)} />}
    </>
  );
}
