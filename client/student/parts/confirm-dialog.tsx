import { useId } from 'preact/hooks';
import { Dialog } from './dialog';

export interface Question {
  title: string;
  text: string;
  /** The safe way out: also Escape, and where the focus begins. */
  stay: string;
  go: string;
  /** Something is lost. */
  danger?: boolean;
}

interface ConfirmDialogProps extends Question {
  onStay: () => void;
  onGo: () => void;
}

const GO = 'go';

/** A question before something that cannot be undone. */
export function ConfirmDialog({ title, text, stay, go, danger, onStay, onGo }: ConfirmDialogProps) {
  const titleId = useId();
  const textId = useId();
  return (
    <Dialog titleId={titleId} textId={textId} onClose={(answer) => (answer === GO ? onGo() : onStay())}>
      {(close) => (
        <>
          <h2 id={titleId}>{title}</h2>
          <p id={textId}>{text}</p>
          <div class="dialog-actions">
            <button type="button" class="button" autoFocus onClick={() => close()}>
              {stay}
            </button>
            <button
              type="button"
              class={danger ? 'button button-danger' : 'button button-primary'}
              onClick={() => close(GO)}
            >
              {go}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
