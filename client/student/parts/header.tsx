import { usePage } from '../page-context';
import { type Language, LANGUAGES } from '../text/language';
import { Mark } from './icons';
import { useAct } from './use-act';

function LanguageSwitch() {
  const { texts, language, chooseLanguage } = usePage();
  return (
    <div class="language" role="group" aria-label={texts.common.language}>
      {(Object.keys(LANGUAGES) as Language[]).map((name) => (
        <button
          key={name}
          type="button"
          lang={name}
          aria-pressed={name === language}
          onClick={() => chooseLanguage(name)}
        >
          {name === 'ko' ? '한국어' : 'English'}
        </button>
      ))}
    </div>
  );
}

/** Also says why signing out did not work: on a shared computer nobody should leave in the belief that it did. */
export function Header() {
  const { client, state, texts } = usePage();
  const { said, run } = useAct();
  return (
    <>
      <header class="header">
        <p class={state.student ? 'brand brand-beside-tools' : 'brand'}>
          <Mark />
          <span>{texts.appName}</span>
        </p>
        <div class="header-tools">
          {state.student && (
            <>
              <span class="student-name">{state.student.name}</span>
              <button type="button" class="button-quiet" onClick={() => run(() => client.signOut())}>
                {texts.common.signOut}
              </button>
            </>
          )}
          <LanguageSwitch />
        </div>
      </header>
      <div role="alert">{said.bad && <p class="message message-bad view">{said.text}</p>}</div>
    </>
  );
}
