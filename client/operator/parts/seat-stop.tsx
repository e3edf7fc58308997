import { useState } from 'preact/hooks';
import { useConsole, useNow } from '../console-context';
import type { FeedState } from '../feed-state';
import { momentText } from '../format';
import { ActDialog, ReasonField } from './act-dialog';
import { useSay } from './said';

type Term = FeedState['terms'][number];
type Stop = FeedState['stops'][number];

function StopDialog({ term, onClose }: { term: Term; onClose: () => void }) {
  const { api, texts } = useConsole();
  const say = useSay();
  const [reason, setReason] = useState('');
  const words = texts.stop;
  const act = async () => {
    await api.stopSeats(term.id, reason.trim());
    say(words.stopped, () => api.startSeats(term.id, ''));
  };
  return (
    <ActDialog
      title={words.title(term.name)}
      effects={[words.effect, words.lineGoesOn, words.canUndo]}
      confirm={words.confirm}
      danger
      problem={reason.trim() === '' ? texts.controls.invalid : undefined}
      onAct={act}
      onClose={onClose}
    >
      <ReasonField value={reason} onValue={setReason} label={words.reason} />
    </ActDialog>
  );
}

/** The red button: at most one press and a reason away. With several terms, it asks which. */
export function StopButton({ terms, stops }: { terms: readonly Term[]; stops: readonly Stop[] }) {
  const { texts, maySteer } = useConsole();
  const [asked, setAsked] = useState<Term | undefined>(undefined);
  const running = terms.filter(({ id }) => !stops.some(({ termId }) => termId === id));
  if (!maySteer || running.length === 0) return null;
  return (
    <>
      <div class="stop-buttons">
        {running.map((term) => (
          <button key={term.id} type="button" class="button button-stop" onClick={() => setAsked(term)}>
            {texts.stop.button}
            {running.length > 1 && ` · ${term.name}`}
          </button>
        ))}
      </div>
      {asked && <StopDialog term={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function RestartDialog({ stop, name, onClose }: { stop: Stop; name: string; onClose: () => void }) {
  const { api, texts } = useConsole();
  const say = useSay();
  const [note, setNote] = useState('');
  const words = texts.stop;
  const act = async () => {
    await api.startSeats(stop.termId, note.trim());
    say(words.started, () => api.stopSeats(stop.termId, stop.reason));
  };
  const effects = [words.restartEffect];
  return (
    <ActDialog title={words.restartTitle(name)} effects={effects} confirm={words.restart} onAct={act} onClose={onClose}>
      <ReasonField value={note} onValue={setNote} label={words.note} hint="" />
    </ActDialog>
  );
}

/** What stands still, why and by whom, and the way back. */
export function StopBanner({ terms, stops }: { terms: readonly Term[]; stops: readonly Stop[] }) {
  const { texts, maySteer } = useConsole();
  const now = useNow();
  const [asked, setAsked] = useState<Stop | undefined>(undefined);
  const nameOf = (termId: string): string => terms.find(({ id }) => id === termId)?.name ?? termId;
  return (
    <div role="status">
      {stops.map((stop) => (
        <div key={stop.termId} class="stop-banner" data-term={stop.termId}>
          <div>
            <p class="stop-title">{texts.stop.active(nameOf(stop.termId))}</p>
            <p>{stop.reason}</p>
            <p class="hint">{texts.stop.by(stop.operator, momentText(texts, stop.stoppedAt, now))}</p>
          </div>
          {maySteer && (
            <button type="button" class="button" onClick={() => setAsked(stop)}>
              {texts.stop.restart}
            </button>
          )}
        </div>
      ))}
      {asked && <RestartDialog stop={asked} name={nameOf(asked.termId)} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
