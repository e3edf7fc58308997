import { useState } from 'preact/hooks';
import { asSunbeonError } from '../../sdk';
import { useConsole } from '../console-context';
import { errorWords } from '../error-words';
import { ViewTitle } from '../parts/bits';

export function SignInView() {
  const { api, texts, ended, signedIn } = useConsole();
  const [problem, setProblem] = useState('');
  const [working, setWorking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('token');
    const token = typeof given === 'string' ? given.trim() : '';
    if (token === '') return setProblem(texts.signIn.missing);
    setWorking(true);
    setProblem('');
    try {
      signedIn(await api.signIn(token));
    } catch (thrown) {
      setProblem(errorWords(texts, asSunbeonError(thrown)));
      setWorking(false);
    }
  };
  return (
    <div class="sign-in">
      <ViewTitle title={texts.signIn.title}>{texts.signIn.title}</ViewTitle>
      <p class="lead">{texts.signIn.lead}</p>
      {ended && <p class="message">{texts.signIn.ended}</p>}
      <form class="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
        <label class="field">
          <span>{texts.signIn.token}</span>
          <input name="token" type="password" autocomplete="current-password" maxLength={330} required autoFocus />
        </label>
        <div role="alert">{problem && <p class="message message-bad">{problem}</p>}</div>
        <button class="button button-primary button-wide" disabled={working}>
          {working ? texts.signIn.working : texts.signIn.submit}
        </button>
        <p class="hint">{texts.signIn.hint}</p>
      </form>
    </div>
  );
}
