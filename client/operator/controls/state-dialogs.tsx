import { useState } from 'preact/hooks';
import { useConsole, useNow } from '../console-context';
import { ActDialog } from '../parts/act-dialog';
import { effectsOn } from './effects';
import { NoticeField } from './notice-field';
import { type ControlDialogProps, useChange } from './use-change';

export function OpenDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const now = useNow();
  const change = useChange(room);
  const words = texts.controls;
  const { effects, warnings } = effectsOn(texts, { ...room, control: 'auto', opensAt: now }, now);
  const drawn = room.lottery && !room.lottery.seed ? [words.drawsNow] : [];
  return (
    <ActDialog
      title={words.openNow}
      effects={[words.opensNow, ...drawn, ...effects, ...(drawn.length > 0 ? [] : [words.canUndo])]}
      warnings={warnings}
      confirm={words.openNow}
      onAct={() => change({ opensAt: now, control: 'auto' }, words.said.openNow, drawn.length === 0)}
      onClose={onClose}
    />
  );
}

export function PauseDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const change = useChange(room);
  const [notice, setNotice] = useState(room.notice);
  const words = texts.controls;
  return (
    <ActDialog
      title={words.pause}
      effects={[words.pauses, words.seatsGoOn, words.canUndo]}
      confirm={words.pause}
      onAct={() => change({ control: 'paused', notice: notice.trim() }, words.said.pause)}
      onClose={onClose}
    >
      <NoticeField value={notice} onValue={setNotice} />
    </ActDialog>
  );
}

export function ResumeDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const now = useNow();
  const change = useChange(room);
  const [clears, setClears] = useState(room.notice !== '');
  const words = texts.controls;
  const { effects, warnings } = effectsOn(texts, { ...room, control: 'auto' }, now);
  return (
    <ActDialog
      title={words.resume}
      effects={[words.resumes, ...effects, words.canUndo]}
      warnings={warnings}
      confirm={words.resume}
      onAct={() => change({ control: 'auto', ...(clears && { notice: '' }) }, words.said.resume)}
      onClose={onClose}
    >
      {room.notice !== '' && (
        <label class="check">
          <input type="checkbox" checked={clears} onChange={({ currentTarget }) => setClears(currentTarget.checked)} />
          <span>{words.clearNotice}</span>
        </label>
      )}
    </ActDialog>
  );
}

export function DrainDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const now = useNow();
  const change = useChange(room);
  const words = texts.controls;
  const { effects, warnings } = effectsOn(texts, { ...room, control: 'draining' }, now);
  return (
    <ActDialog
      title={words.drain}
      effects={[words.drains, ...effects, words.canUndo]}
      warnings={warnings}
      confirm={words.drain}
      onAct={() => change({ control: 'draining' }, words.said.drain)}
      onClose={onClose}
    />
  );
}

/** The most harm that an operator can do to a room: so its id has to be typed. */
export function CloseDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const change = useChange(room);
  const words = texts.controls;
  return (
    <ActDialog
      title={words.close}
      effects={[words.closes(room.waiting, room.inside)]}
      warnings={[words.cannotUndo]}
      confirm={words.close}
      danger
      typed={room.id}
      onAct={() => change({ control: 'closed' }, words.said.close, false)}
      onClose={onClose}
    />
  );
}
