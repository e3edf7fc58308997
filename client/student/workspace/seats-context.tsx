import { type ComponentChildren, createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type { Section, Enrolment, SunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import { useRead } from '../parts/use-read';
import { type Cart, useCart } from './use-cart';
import { useWaitlists, type Waitlists } from './use-waitlists';

interface Enrolments {
  list: Enrolment[];
  loaded: boolean;
  /** Why they could not be read. */
  error?: SunbeonError;
}

const NONE: Enrolment[] = [];

/** The student's enrolments in a term; read again whenever they changed, here or in another tab. */
function useEnrolments(termId: string): Enrolments {
  const { client, state } = usePage();
  const { found, error } = useRead(() => client.api.enrolments(termId), [client, termId, state.enrolmentChanges]);
  return { list: found ?? NONE, loaded: found !== undefined, error };
}

/** What is to be swapped, as far as it is said already. */
export interface SwapQuestion {
  giveId?: string;
  take?: Section;
}

export interface Seats {
  termId: string;
  /** Let in, with the proof of it: seats and waitlists can be asked for. To give back needs nothing. */
  mayTake: boolean;
  cart: Cart;
  enrolments: Enrolments;
  /** What the student is enrolled in. */
  enrolled: Section[];
  enrolledIds: ReadonlySet<string>;
  waitlists: Waitlists;
  /** The swap that the student is asked about. */
  swap?: SwapQuestion;
  askToSwap: (question: SwapQuestion | undefined) => void;
}

const SeatsContext = createContext<Seats | undefined>(undefined);

/** Everything about one student's seats in a term, read once for all panels. */
export function SeatsProvider({ termId, children }: { termId: string; children: ComponentChildren }) {
  const { state } = usePage();
  const cart = useCart(termId);
  const enrolments = useEnrolments(termId);
  const waitlists = useWaitlists(termId);
  const [swap, askToSwap] = useState<SwapQuestion>();
  const { place } = state;
  const mayTake = place.phase === 'inside' && place.token !== undefined;
  const enrolled = useMemo(() => enrolments.list.map(({ section }) => section), [enrolments.list]);
  const enrolledIds = useMemo(() => new Set(enrolled.map(({ id }) => id)), [enrolled]);
  const seats = { termId, mayTake, cart, enrolments, enrolled, enrolledIds, waitlists, swap, askToSwap };
  return <SeatsContext.Provider value={seats}>{children}</SeatsContext.Provider>;
}

export function useSeats(): Seats {
  const seats = useContext(SeatsContext);
  if (!seats) throw new Error('useSeats outside SeatsProvider');
  return seats;
}
