import { useLayoutEffect, useId, useRef } from 'preact/hooks';

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

/** A question before something that cannot be undone. The browser's own dialog keeps focus and keyboard right. */
export function ConfirmDialog({ title, text, stay, go, danger, onStay, onGo }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const textId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // The browser gives the focus back to where it was when it closes the dialog itself; only then may it be taken away.
  const close = (answer: string) => dialog.current?.close(answer);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onClose={(event) => (event.currentTarget.returnValue === GO ? onGo() : onStay())}
    >
      <h2 id={titleId}>{title}</h2>
      <p id={textId}>{text}</p>
      <div class="dialog-actions">
        <button type="button" class="button" autoFocus onClick={() => close('')}>
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
    </dialog>
  );
}
