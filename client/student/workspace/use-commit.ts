import { useState } from 'preact/hooks';
import type { SectionOutcome } from '../../../src/contract/seats';
import { asSunbeonError, type Section, type SunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import type { Cart } from './use-cart';

export interface CommitResult {
  section: Section;
  outcome: SectionOutcome;
}

export interface Commit {
  working: boolean;
  results: CommitResult[];
  /** The commit as a whole failed. */
  error?: SunbeonError;
  run: () => void;
  dismiss: () => void;
}

/** Sends the cart as one commit. What was granted leaves the cart; what was refused stays, with its reason. */
export function useCommit(termId: string, cart: Cart): Commit {
  const { client } = usePage();
  const [working, setWorking] = useState(false);
  const [results, setResults] = useState<CommitResult[]>([]);
  const [error, setError] = useState<SunbeonError>();
  const run = async () => {
    const asked = cart.sections;
    setWorking(true);
    setError(undefined);
    setResults([]);
    try {
      const outcomes = await client.commit(
        termId,
        asked.map(({ id }) => id),
      );
      setResults(
        outcomes.flatMap((outcome) => {
          const section = asked.find(({ id }) => id === outcome.sectionId);
          return section ? [{ section, outcome }] : [];
        }),
      );
      for (const { sectionId, outcome } of outcomes) if (outcome === 'enrolled') cart.remove(sectionId);
    } catch (thrown) {
      setError(asSunbeonError(thrown));
    }
    setWorking(false);
  };
  return { working, results, error, run: () => void run(), dismiss: () => setResults([]) };
}
