import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useContext, useMemo, useRef, useState } from 'preact/hooks';
import { asSunbeonError } from '../../sdk';
import { CrossIcon } from '../../student/parts/icons';
import { useConsole } from '../console-context';
import { errorWords } from '../error-words';

/** Long enough to read it, and to reach the button, ms. */
const SHOWN_MS = 12_000;

interface Words {
  id: number;
  text: string;
  bad?: boolean;
  undo?: () => Promise<void>;
}

type Say = (text: string, undo?: () => Promise<void>) => void;

const SayContext = createContext<Say>(() => undefined);

/** Says what was done, with a way back where there is one. */
export const useSay = (): Say => useContext(SayContext);

/** Keeps the last words in a corner, or above the tabs of a phone, where they cover nothing that one needs. */
export function SaidProvider({ children }: { children: ComponentChildren }) {
  const { texts } = useConsole();
  const [words, setWords] = useState<Words | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const show = (next: Omit<Words, 'id'> | undefined) => {
    clearTimeout(timer.current);
    setWords(next && { ...next, id: Date.now() });
    if (next) timer.current = setTimeout(() => setWords(undefined), SHOWN_MS);
  };
  const say = useMemo<Say>(() => (text, undo) => show({ text, undo }), []);
  const undo = async () => {
    if (!words?.undo) return;
    try {
      await words.undo();
      show({ text: texts.common.undone });
    } catch (thrown) {
      show({ text: errorWords(texts, asSunbeonError(thrown)), bad: true });
    }
  };
  return (
    <SayContext.Provider value={say}>
      {children}
      <div class="said" role="status">
        {words && (
          <div key={words.id} class={words.bad ? 'said-words said-bad' : 'said-words'}>
            <span>{words.text}</span>
            {words.undo && (
              <button type="button" class="said-undo" onClick={() => void undo()}>
                {texts.common.undo}
              </button>
            )}
            <button type="button" class="button-icon" aria-label={texts.common.dismiss} onClick={() => show(undefined)}>
              <CrossIcon />
            </button>
          </div>
        )}
      </div>
    </SayContext.Provider>
  );
}
