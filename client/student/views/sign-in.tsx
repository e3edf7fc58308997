import { useState } from 'preact/hooks';
import { asSunbeonError, type ServiceConfig } from '../../sdk';
import { usePage } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { beginSso } from '../sso';
import { errorText } from '../text/error-text';

interface SignInViewProps {
  config?: ServiceConfig;
  error?: { code: string };
}

function DemoForm({ onError }: { onError: (text: string) => void }) {
  const { client, texts, language } = usePage();
  const [working, setWorking] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [studentId, name] = [form.get('studentId'), form.get('name')].map((value) =>
      typeof value === 'string' ? value.trim() : '',
    );
    if (!studentId || !name) return onError(texts.signIn.missing);
    setWorking(true);
    onError('');
    try {
      await client.signInDemo(studentId, name, language);
    } catch (thrown) {
      onError(errorText(texts, asSunbeonError(thrown), client.clock.now()));
      setWorking(false);
    }
  };
  return (
    <form class="sign-in-form" onSubmit={(event) => void submit(event)} noValidate>
      <label class="field">
        <span>{texts.signIn.studentId}</span>
        <input
          name="studentId"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          maxLength={64}
          required
        />
      </label>
      <label class="field">
        <span>{texts.signIn.name}</span>
        <input name="name" autocomplete="name" maxLength={100} required />
      </label>
      <button class="button button-primary button-wide" disabled={working}>
        {working ? texts.signIn.working : texts.signIn.submit}
      </button>
      <p class="hint">{texts.signIn.demo}</p>
    </form>
  );
}

export function SignInView({ config, error }: SignInViewProps) {
  const { client, state, texts } = usePage();
  const [problem, setProblem] = useState(() => (error ? errorText(texts, error, client.clock.now()) : ''));
  const sso = config?.sso;
  const say = (thrown: unknown) => setProblem(errorText(texts, asSunbeonError(thrown), client.clock.now()));
  return (
    <div class="view view-narrow sign-in">
      <ViewHeading class="display">{texts.signIn.title}</ViewHeading>
      <p class="lead">{texts.signIn.lead}</p>
      {state.signInEnded && <p class="message">{texts.signIn.ended}</p>}
      <div role="alert">{problem && <p class="message message-bad">{problem}</p>}</div>
      {config?.signIn === 'sso' && sso && (
        <button type="button" class="button button-primary button-wide" onClick={() => void beginSso(sso).catch(say)}>
          {texts.signIn.sso}
        </button>
      )}
      {config?.signIn === 'demo' && <DemoForm onError={setProblem} />}
    </div>
  );
}
