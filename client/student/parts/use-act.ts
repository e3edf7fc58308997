import { useState } from 'preact/hooks';
import { asSunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import { errorText } from '../text/error-text';

export interface Said {
  text: string;
  bad: boolean;
}

export interface Act {
  working: boolean;
  /** How the last one went; empty before. */
  said: Said;
  /** Does it, and says the text that it resolves to if it does, or why it could not be done. */
  run: (work: () => Promise<string | void>) => void;
}

const NOTHING: Said = { text: '', bad: false };

/** Something that the student asks of the service, one at a time. */
export function useAct(): Act {
  const { client, texts } = usePage();
  const [working, setWorking] = useState(false);
  const [said, setSaid] = useState(NOTHING);
  const run = async (work: () => Promise<string | void>) => {
    setWorking(true);
    setSaid(NOTHING);
    try {
      setSaid({ text: (await work()) ?? '', bad: false });
    } catch (thrown) {
      setSaid({ text: errorText(texts, asSunbeonError(thrown), client.clock.now()), bad: true });
    }
    setWorking(false);
  };
  return { working, said, run: (work) => void run(work) };
}
