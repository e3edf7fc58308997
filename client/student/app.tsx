import { useEffect, useRef, useState } from 'preact/hooks';
import { asSunbeonError, retrying, type ServiceConfig, type SsoToken, type SunbeonError } from '../sdk';
import { usePage, useTitle } from './page-context';
import { Header } from './parts/header';
import { Loading } from './parts/loading';
import { useFocusKept } from './parts/use-focus-kept';
import { useSharedSignIn } from './shared-sign-in';
import { finishSso, forgetIdToken, signedInAtUniversity, signOutAtUniversity } from './sso';
import { errorText } from './text/error-text';
import { RoomsView } from './views/rooms';
import { SignInView } from './views/sign-in';

interface Start {
  config?: ServiceConfig;
  /** What went wrong with a sign-in that came back from the university. */
  error?: { code: string };
  /** Why it is not known yet; it is tried again. */
  trouble?: SunbeonError;
}

/** Asks who we are talking to and who is signed in; keeps asking while the service is away. */
function useStart(): Start {
  const { client, language } = usePage();
  const [start, setStart] = useState<Start>({});
  useEffect(() => {
    // The university answers once: when the service is too busy to take its token, the token is kept for the next try.
    let ssoToken: SsoToken | undefined;
    const begin = async () => {
      const config = await client.start();
      if (config.sso) ssoToken ??= await finishSso(config.sso, client.api);
      if (ssoToken) await client.signInSso(ssoToken, language);
      else await client.restoreSignIn();
      setStart({ config });
    };
    const onRetry = (error: Error) => setStart({ trouble: asSunbeonError(error) });
    retrying(begin, { onRetry }).catch(async (thrown: unknown) => {
      const error = asSunbeonError(thrown);
      const config = await client.api.config().catch(() => undefined);
      setStart({ config, error });
    });
  }, [client]);
  return start;
}

/** Whoever signs out here signs out at the university too. */
function useUniversitySignOut(config: ServiceConfig | undefined): void {
  const { state } = usePage();
  const { student, signInEnded } = state;
  const wasSignedIn = useRef(false);
  useEffect(() => {
    if (student) signedInAtUniversity();
    else if (wasSignedIn.current && !signInEnded) signOutAtUniversity(config?.sso);
    else if (wasSignedIn.current || config) forgetIdToken();
    wasSignedIn.current = student !== undefined;
  }, [student?.id, config !== undefined]);
}

export function App() {
  const { client, state, texts } = usePage();
  const { config, error, trouble } = useStart();
  useTitle(texts.appName);
  useSharedSignIn();
  useUniversitySignOut(config);
  useFocusKept();
  return (
    <>
      <a class="skip-link" href="#content">
        {texts.common.skip}
      </a>
      <Header />
      <main id="content" tabIndex={-1}>
        {!config && !error && <Loading text={texts.common.loading} />}
        <div role="status">
          {trouble && (
            <p class="message view view-narrow">
              {`${errorText(texts, trouble, client.clock.now())} ${texts.common.retrying}`}
            </p>
          )}
        </div>
        {(config || error) && !state.student && <SignInView config={config} error={error} />}
        {config && state.student && <RoomsView />}
      </main>
    </>
  );
}
