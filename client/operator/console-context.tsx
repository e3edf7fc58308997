import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { OperatorSession } from '../../src/contract/operate/console';
import { asSunbeonError, retrying, ServerClock } from '../sdk';
import { firstLanguage, rememberLanguage } from '../student/text/language';
import { OperatorApi } from './api';
import { Feed, type FeedNews } from './feed';
import { type ConsoleLanguage, type ConsoleTexts, TEXTS } from './text/texts';

/** How often an open console says that it is in use, ms. */
const KEEP_ALIVE_MS = 5 * 60_000;

export interface Console {
  api: OperatorApi;
  clock: ServerClock;
  texts: ConsoleTexts;
  language: ConsoleLanguage;
  chooseLanguage: (language: ConsoleLanguage) => void;
  /** Undefined: nobody is signed in. `asking`: it is not known yet. */
  session: OperatorSession | 'asking' | undefined;
  signedIn: (session: OperatorSession) => void;
  signOut: () => Promise<void>;
  /** The last sign-in ended by itself. */
  ended: boolean;
  /** Whether the operator may change anything. */
  maySteer: boolean;
  feed: FeedNews;
}

const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const value = useContext(ConsoleContext);
  if (!value) throw new Error('useConsole outside ConsoleProvider');
  return value;
}

type Session = Console['session'];

/** Who is signed in, asked at the start, and again while the console is open and whenever the stream was lost. */
function useSession() {
  const [session, setSession] = useState<Session>('asking');
  const [ended, setEnded] = useState(false);
  const end = () => {
    setSession((before) => {
      if (before !== undefined && before !== 'asking') setEnded(true);
      return undefined;
    });
  };
  const api = useMemo(() => new OperatorApi(end), []);
  const look = async () => {
    const found = await api.me();
    if (found) setSession(found);
    else end();
  };
  useEffect(() => {
    void retrying(look).catch(() => setSession(undefined));
    const timer = setInterval(() => void look().catch(() => undefined), KEEP_ALIVE_MS);
    return () => clearInterval(timer);
  }, [api]);
  const signedIn = (found: OperatorSession) => {
    setEnded(false);
    setSession(found);
  };
  const signOut = async () => {
    await api.signOut();
    setEnded(false);
    setSession(undefined);
  };
  return { api, session, ended, signedIn, signOut, look };
}

function useFeed(clock: ServerClock, isSignedIn: boolean, look: () => Promise<void>): FeedNews {
  const [news, setNews] = useState<FeedNews>({ connection: 'connecting' });
  useEffect(() => {
    if (!isSignedIn) return;
    setNews({ connection: 'connecting' });
    const feed = new Feed(clock, setNews, () => void look().catch((error: unknown) => asSunbeonError(error)));
    feed.start();
    return () => feed.stop();
  }, [clock, isSignedIn]);
  return news;
}

export function ConsoleProvider({ children }: { children: ComponentChildren }) {
  const clock = useMemo(() => new ServerClock(), []);
  const [language, setLanguage] = useState<ConsoleLanguage>(firstLanguage);
  const { look, ...session } = useSession();
  const isSignedIn = session.session !== undefined && session.session !== 'asking';
  const feed = useFeed(clock, isSignedIn, look);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chooseLanguage = (next: ConsoleLanguage) => {
    rememberLanguage(next);
    setLanguage(next);
  };
  const role = isSignedIn ? (session.session as OperatorSession).role : 'viewer';
  const maySteer = role !== 'viewer';
  const value: Console = { ...session, clock, language, chooseLanguage, texts: TEXTS[language], maySteer, feed };
  return <ConsoleContext.Provider value={value}>{children}</ConsoleContext.Provider>;
}

const LOOK_MS = 250;

/** The server's time in whole seconds (as ms), drawn anew each second. */
export function useNow(): number {
  const { clock } = useConsole();
  const read = () => Math.floor(clock.now() / 1_000) * 1_000;
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), LOOK_MS);
    return () => clearInterval(timer);
  }, [clock]);
  return now;
}

/** Sets the title of the window. */
export function useTitle(title: string): void {
  const { texts } = useConsole();
  useEffect(() => {
    document.title = `${title} · ${texts.appName}`;
  }, [title, texts]);
}
