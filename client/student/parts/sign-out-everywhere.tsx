import { usePage } from '../page-context';
import { AskingButton } from './asking-button';
import { useAct } from './use-act';

/** For whoever has lost a device, or left a sign-in open on one; says why when the service could not be told. */
export function SignOutEverywhere() {
  const { client, texts } = usePage();
  const { said, run } = useAct();
  const words = texts.signOutEverywhere;
  return (
    <div class="sign-out-everywhere">
      <AskingButton class="button-quiet" question={words} onGo={() => run(() => client.signOutEverywhere())}>
        {words.title}
      </AskingButton>
      {said.bad && (
        <p class="message message-bad" role="alert">
          {said.text}
        </p>
      )}
    </div>
  );
}
