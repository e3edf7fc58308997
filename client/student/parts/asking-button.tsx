import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ConfirmDialog, type Question } from './confirm-dialog';

interface AskingButtonProps {
  class: string;
  /** What a screen reader says of it where the words on it do not say enough. */
  label?: string;
  disabled?: boolean;
  question: Question;
  onGo: () => void;
  children: ComponentChildren;
}

/** A button that asks before it does anything. */
export function AskingButton({ class: className, label, disabled, question, onGo, children }: AskingButtonProps) {
  const [asking, setAsking] = useState(false);
  const go = () => {
    setAsking(false);
    onGo();
  };
  return (
    <>
      <button type="button" class={className} aria-label={label} disabled={disabled} onClick={() => setAsking(true)}>
        {children}
      </button>
      {asking && <ConfirmDialog {...question} onStay={() => setAsking(false)} onGo={go} />}
    </>
  );
}
