import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { asSunbeonError } from '../../sdk';
import { Dialog } from '../../student/parts/dialog';
import { useConsole } from '../console-context';
import { errorWords } from '../error-words';

export interface ActDialogProps {
  title: string;
  /** What it will do, said before it is done. */
  effects: readonly string[];
  /** What of it is worth a second look. */
  warnings?: readonly string[];
  confirm: string;
  danger?: boolean;
  /** Has to be typed in, for what does the most harm. */
  typed?: string;
  /** What is missing yet; nothing can be done before. */
  problem?: string;
  onAct: () => Promise<void>;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Asks before something is done, says what it will do, and stays until it is done or could not be. */
export function ActDialog(props: ActDialogProps) {
  const { title, effects, warnings = [], confirm, danger, typed, problem, onAct, onClose, children } = props;
  const { texts } = useConsole();
  const titleId = useId();
  const textId = useId();
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState('');
  const [given, setGiven] = useState('');
  const act = async (close: () => void) => {
    if (problem) return setFailure(problem);
    setWorking(true);
    setFailure('');
    try {
      await onAct();
      close();
    } catch (thrown) {
      setFailure(errorWords(texts, asSunbeonError(thrown)));
      setWorking(false);
    }
  };
  return (
    <Dialog class="act-dialog" titleId={titleId} textId={textId} onClose={onClose}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act(close);
          }}
          noValidate
        >
          <h2 id={titleId}>{title}</h2>
          {children && <div class="act-fields">{children}</div>}
          <ul class={danger ? 'effects effects-danger' : 'effects'} id={textId} aria-live="polite">
            {effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
            {warnings.map((warning) => (
              <li key={warning} class="effect-warning">
                {warning}
              </li>
            ))}
          </ul>
          {typed && (
            <label class="field">
              <span>{texts.controls.typeToConfirm(typed)}</span>
              <input
                name="typed"
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                value={given}
                onInput={({ currentTarget }) => setGiven(currentTarget.value)}
              />
            </label>
          )}
          <div role="alert">{failure && <p class="message message-bad">{failure}</p>}</div>
          <div class="dialog-actions">
            <button type="button" class="button" onClick={() => close()}>
              {texts.common.cancel}
            </button>
            <button
              type="submit"
              class={danger ? 'button button-danger' : 'button button-primary'}
              disabled={working || (typed !== undefined && given.trim() !== typed)}
            >
              {working ? texts.controls.working : confirm}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** A reason, in the operator's own words. */
export function ReasonField({ value, onValue, label, hint }: ReasonFieldProps) {
  const { texts } = useConsole();
  const hintId = useId();
  return (
    <label class="field">
      <span>{label ?? texts.common.reason}</span>
      <input
        name="reason"
        maxLength={200}
        autocomplete="off"
        required
        aria-describedby={hintId}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      <span class="hint" id={hintId}>
        {hint ?? texts.common.reasonHint}
      </span>
    </label>
  );
}

interface ReasonFieldProps {
  value: string;
  onValue: (value: string) => void;
  label?: string;
  hint?: string;
}
