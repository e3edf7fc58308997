import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { usePage } from '../page-context';
import { type CloseDialog, Dialog } from './dialog';
import { CrossIcon } from './icons';

interface ModalProps {
  title: string;
  /** Also by Escape. */
  onClose: () => void;
  children: ComponentChildren | ((close: CloseDialog) => ComponentChildren);
}

/** Something to see or to fill in above the page. */
export function Modal({ title, onClose, children }: ModalProps) {
  const { texts } = usePage();
  const titleId = useId();
  return (
    <Dialog class="modal" titleId={titleId} onClose={onClose}>
      {(close) => (
        <>
          <div class="modal-head">
            <h2 id={titleId} tabIndex={-1} autoFocus>
              {title}
            </h2>
            <button type="button" class="button-icon" aria-label={texts.common.close} onClick={() => close()}>
              <CrossIcon />
            </button>
          </div>
          {typeof children === 'function' ? children(close) : children}
        </>
      )}
    </Dialog>
  );
}
