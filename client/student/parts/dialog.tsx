import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export type CloseDialog = (answer?: string) => void;

interface DialogProps {
  class?: string;
  titleId: string;
  textId?: string;
  /** Told of the answer; '' after Escape. The focus is where it was before by then. */
  onClose: (answer: string) => void;
  children: (close: CloseDialog) => ComponentChildren;
}

/** Browsers before 2022 (Safari 15.0 to 15.3) have no dialog of their own. */
const hasDialogs = typeof HTMLDialogElement !== 'undefined';

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, a[href]';

/** Marks that one is open, so that what floats above the page does not float above the dialog. */
const OPEN_CLASS = 'dialog-open';

/** Above the page, which rests until it is answered. The browser's own dialog keeps focus and keyboard right. */
export function Dialog(props: DialogProps) {
  return hasDialogs ? <OwnDialog {...props} /> : <OlderDialog {...props} />;
}

function OwnDialog({ class: className = '', titleId, textId, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  // The browser gives the focus back to where it was when it closes the dialog itself; only then may it be taken away.
  const close: CloseDialog = (answer = '') => dialog.current?.close(answer);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${className}`}
      aria-labelledby={titleId}
      aria-describedby={textId}
      onClose={(event) => onClose(event.currentTarget.returnValue)}
    >
      {children(close)}
    </dialog>
  );
}

function OlderDialog({ class: className = '', titleId, textId, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDivElement>(null);
  const giveFocusBack = useBorrowedFocus(dialog);
  const close: CloseDialog = (answer = '') => {
    giveFocusBack();
    onClose(answer);
  };
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    if (event.key === 'Tab' && dialog.current) keepInside(dialog.current, event);
  };
  return (
    <div class="dialog-ground" onKeyDown={handleKey}>
      <div
        ref={dialog}
        class={`dialog ${className}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        aria-describedby={textId}
        tabIndex={-1}
      >
        {children(close)}
      </div>
    </div>
  );
}

/** Takes the focus into the dialog as it appears; the returned function gives it back. */
function useBorrowedFocus(dialog: RefObject<HTMLDivElement | null>): () => void {
  const before = useRef<HTMLElement | undefined>(undefined);
  useLayoutEffect(() => {
    const { activeElement, documentElement } = document;
    before.current = activeElement instanceof HTMLElement ? activeElement : undefined;
    (dialog.current?.querySelector<HTMLElement>('[autofocus]') ?? dialog.current)?.focus();
    documentElement.classList.add(OPEN_CLASS);
    return () => documentElement.classList.remove(OPEN_CLASS);
  }, []);
  return () => before.current?.focus();
}

/** The tab key goes round inside the dialog. */
function keepInside(dialog: HTMLElement, event: KeyboardEvent): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const [from, to] = event.shiftKey ? [stops[0], stops[stops.length - 1]] : [stops[stops.length - 1], stops[0]];
  const isOutside = !stops.some((stop) => stop === document.activeElement);
  if (document.activeElement !== from && !isOutside) return;
  event.preventDefault();
  to?.focus();
}
