import { useState } from 'preact/hooks';
import type { RoomReport } from '../../../src/contract/operate/rooms';
import { useConsole } from '../console-context';
import { CloseDialog, DrainDialog, OpenDialog, PauseDialog, ResumeDialog } from './state-dialogs';
import { NoticeDialog, OpeningDialog, PaceDialog } from './setting-dialogs';

const DIALOGS = {
  openNow: OpenDialog,
  resume: ResumeDialog,
  pause: PauseDialog,
  pace: PaceDialog,
  notice: NoticeDialog,
  postpone: OpeningDialog,
  drain: DrainDialog,
  close: CloseDialog,
};

export type ControlName = keyof typeof DIALOGS;

/** What makes sense now: nobody is shown what would change nothing. */
function controlsFor({ control, opensAt }: RoomReport, now: number): ControlName[] {
  if (control === 'closed') return ['notice'];
  const beginning: ControlName[] = now < opensAt ? ['openNow', 'postpone'] : [];
  const moving: ControlName[] = control === 'auto' ? ['pause'] : ['resume'];
  const later: ControlName[] = now < opensAt ? [] : ['postpone'];
  const ending: ControlName[] = control === 'draining' ? ['close'] : ['drain', 'close'];
  return [...beginning, ...moving, 'pace', 'notice', ...later, ...ending];
}

/** Each says what it will do before it is done. */
export function RoomControls({ room }: { room: RoomReport }) {
  const { texts, clock } = useConsole();
  const [open, setOpen] = useState<ControlName | undefined>(undefined);
  const Asked = open && DIALOGS[open];
  const names = controlsFor(room, clock.now());
  return (
    <section class="controls" aria-label={texts.controls.title}>
      {names.map((name, index) => (
        <button
          key={name}
          type="button"
          class={`button ${index === 0 && name !== 'notice' ? 'button-primary' : ''} ${name === 'close' ? 'button-harm' : ''}`}
          data-control={name}
          onClick={() => setOpen(name)}
        >
          {texts.controls[name]}
        </button>
      ))}
      {Asked && <Asked room={room} onClose={() => setOpen(undefined)} />}
    </section>
  );
}
