import { useState } from 'preact/hooks';
import { asSunbeonError } from '../../sdk';
import { Mark } from '../../student/parts/icons';
import { useConsole } from '../console-context';
import { errorWords } from '../error-words';
import { type ConsoleLanguage, TEXTS } from '../text/texts';
import { Link } from './bits';

function LanguageSwitch() {
  const { texts, language, chooseLanguage } = useConsole();
  return (
    <div class="language" role="group" aria-label={texts.common.language}>
      {(Object.keys(TEXTS) as ConsoleLanguage[]).map((name) => (
        <button
          key={name}
          type="button"
          lang={name}
          aria-label={name === 'ko' ? '한국어' : 'EN: English'}
          aria-pressed={name === language}
          onClick={() => chooseLanguage(name)}
        >
          {name === 'ko' ? '한' : 'EN'}
        </button>
      ))}
    </div>
  );
}

/** Whether what is shown is of now. */
function Pulse() {
  const { feed, texts } = useConsole();
  const words = {
    live: texts.connection.live,
    connecting: texts.connection.connecting,
    lost: texts.connection.lostShort,
  };
  return (
    <span class="pulse" data-connection={feed.connection}>
      {words[feed.connection]}
    </span>
  );
}

export function Header() {
  const { session, texts, signOut } = useConsole();
  const [problem, setProblem] = useState('');
  const isIn = session !== undefined && session !== 'asking';
  const leave = () => {
    setProblem('');
    signOut().catch((thrown: unknown) => setProblem(errorWords(texts, asSunbeonError(thrown))));
  };
  return (
    <>
      <header class="console-header">
        <Link to={{ view: 'today' }} class="brand">
          <Mark />
          <span>{texts.appName}</span>
        </Link>
        <div class="header-tools">
          {isIn && (
            <>
              <Pulse />
              <span class="who">
                {session.name} <span class="role">{texts.roles[session.role]}</span>
              </span>
              <button type="button" class="button-quiet" onClick={leave}>
                {texts.common.signOut}
              </button>
            </>
          )}
          <LanguageSwitch />
        </div>
      </header>
      <div role="alert">{problem && <p class="message message-bad">{problem}</p>}</div>
    </>
  );
}
