import { useCallback, useEffect, useState } from 'preact/hooks';
import { between, type SunbeonError, type Waitlist } from '../../sdk';
import { usePage } from '../page-context';
import { useComeBack, useRead } from '../parts/use-read';

export interface Waitlists {
  list: Waitlist[];
  loaded: boolean;
  /** Why they could not be read. */
  error?: SunbeonError;
  of: (sectionId: string) => Waitlist | undefined;
}

const NONE: Waitlist[] = [];

/** When a seat of a section moves, everybody who waits for it looks again, but not in the same instant. */
const LOOK_AGAIN_MS = { least: 500, most: 3500 };

/** Browsers count a longer time as none at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Where the student stands on waitlists; read again whenever that may have changed. */
export function useWaitlists(termId: string): Waitlists {
  const { client, state } = usePage();
  const [looks, setLooks] = useState(0);
  const look = useCallback(() => setLooks((before) => before + 1), []);
  const inputs = [client, termId, state.enrolmentChanges, looks];
  const { found, error } = useRead(() => client.api.waitlists(termId), inputs);
  const list = found ?? NONE;
  useComeBack(look);

  const versions = list.map(({ section }) => state.seats.get(section.id)?.version ?? 0).join();
  const nextEnd = Math.min(...list.map(({ offerExpiresAt }) => offerExpiresAt ?? Infinity));
  useEffect(() => {
    if (list.length === 0) return;
    const timer = setTimeout(look, between(LOOK_AGAIN_MS));
    return () => clearTimeout(timer);
  }, [look, versions]);
  useEffect(() => {
    const wait = nextEnd - client.clock.now() + LOOK_AGAIN_MS.least;
    if (wait < 0 || wait > LONGEST_TIMER_MS) return;
    const timer = setTimeout(look, wait);
    return () => clearTimeout(timer);
  }, [client, look, nextEnd]);
  return {
    list,
    loaded: found !== undefined,
    error,
    of: (sectionId) => list.find(({ section }) => section.id === sectionId),
  };
}
