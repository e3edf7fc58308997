import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useId, useRef } from 'preact/hooks';
import { usePage } from '../page-context';
import { CrossIcon } from './icons';

interface ModalProps {
  title: string;
  /** Also by Escape. */
  onClose: () => void;
  children: ComponentChildren;
}

/** Something to see or to fill in above the page. The browser's own dialog keeps focus and keyboard right. */
export function Modal({ title, onClose, children }: ModalProps) {
  const { texts } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="modal" aria-labelledby={titleId} onClose={onClose}>
      <div class="modal-head">
        <h2 id={titleId} tabIndex={-1} autoFocus>
          {title}
        </h2>
        <button
          type="button"
          class="button-icon"
          aria-label={texts.common.close}
          onClick={() => dialog.current?.close()}
        >
          <CrossIcon />
        </button>
      </div>
      {children}
    </dialog>
  );
}
