import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { secondsLeft, type SunbeonClient, type SunbeonState } from '../sdk';
import type { Texts } from './text/en';
import { firstLanguage, type Language, LANGUAGES, rememberLanguage } from './text/language';

export interface Page {
  client: SunbeonClient;
  state: SunbeonState;
  texts: Texts;
  language: Language;
  chooseLanguage: (language: Language) => void;
}

const PageContext = createContext<Page | undefined>(undefined);

export function PageProvider({ client, children }: { client: SunbeonClient; children: ComponentChildren }) {
  const [state, setState] = useState(client.state);
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    setState(client.state);
    return client.subscribe(setState);
  }, [client]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const page = useMemo(
    () => ({
      client,
      state,
      texts: LANGUAGES[language],
      language,
      chooseLanguage: (next: Language) => {
        rememberLanguage(next);
        setLanguage(next);
      },
    }),
    [client, state, language],
  );
  return <PageContext.Provider value={page}>{children}</PageContext.Provider>;
}

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('usePage outside PageProvider');
  return page;
}

/** How often a clock on the page looks; it draws again only when the second has changed. */
const CLOCK_LOOK_MS = 200;

/** The server's time in whole seconds (as ms), drawn anew each second. */
export function useServerSeconds(): number {
  const { client } = usePage();
  const read = () => Math.floor(client.clock.now() / 1000) * 1000;
  const [seconds, setSeconds] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(read()), CLOCK_LOOK_MS);
    return () => clearInterval(timer);
  }, [client]);
  return seconds;
}

/** Whole seconds left until `endsAt` (server time, ms), never negative; 0 = over. Drawn anew each second. */
export function useSecondsLeft(endsAt: number): number {
  const { client } = usePage();
  const read = () => secondsLeft(endsAt, client.clock.now());
  const [left, setLeft] = useState(read);
  useEffect(() => {
    setLeft(read());
    const timer = setInterval(() => setLeft(read()), CLOCK_LOOK_MS);
    return () => clearInterval(timer);
  }, [client, endsAt]);
  return left;
}

/** Sets the title of the window while it is shown; a view that sets none has the name of the page. */
export function useTitle(title: string): void {
  const { appName } = usePage().texts;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = appName;
    };
  }, [title, appName]);
}
