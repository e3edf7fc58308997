import type { ComponentChildren } from 'preact';
import { usePage } from '../page-context';
import { AskingButton } from './asking-button';
import type { Question } from './confirm-dialog';
import { useAct } from './use-act';

interface LeaveButtonProps {
  class: string;
  question: Question;
  children: ComponentChildren;
}

/** The way out of the line or, once inside, of the room; says why when the service could not be told. */
export function LeaveButton({ class: className, question, children }: LeaveButtonProps) {
  const { client } = usePage();
  const { said, run } = useAct();
  return (
    <>
      <AskingButton class={className} question={question} onGo={() => run(() => client.leave())}>
        {children}
      </AskingButton>
      {said.bad && (
        <p class="message message-bad" role="alert">
          {said.text}
        </p>
      )}
    </>
  );
}
