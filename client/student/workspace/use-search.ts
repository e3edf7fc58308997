import { useEffect, useState } from 'preact/hooks';
import {
  asSunbeonError,
  retrying,
  type SearchChoices,
  type Section,
  type SectionQuery,
  type SunbeonError,
} from '../../sdk';
import { usePage } from '../page-context';
import { useRead } from '../parts/use-read';

/** What the student has set: whether it must fit is a wish, beside what is not its concern. */
export type Wishes = Omit<SectionQuery, 'fits' | 'page' | 'pageSize'> & { fits?: boolean };

export interface Search {
  wishes: Wishes;
  /** Starts over with other words. */
  change: (wishes: Wishes) => void;
  sections: Section[];
  total: number;
  loading: boolean;
  loadedOnce: boolean;
  error?: SunbeonError;
  /** Asks for the next page or, where the last one failed, for that once more; undefined while there is nothing to ask for. */
  more?: () => void;
}

const PAGE_SIZE = 20;
/** Typing pauses this long before a search goes out. */
const TYPING_PAUSE_MS = 150;

interface Asked {
  wishes: Wishes;
  /** Sections beside which it must fit: those of the moment of asking, so that what is added stays in sight. */
  beside: string[];
  /** From 1. */
  page: number;
}

interface Found {
  sections: Section[];
  total: number;
  page: number;
}

/**
 * Searches as the student types; the last answer stays until the next is there.
 *
 * @param own what the student has or means to take
 */
export function useSearch(termId: string, own: readonly Section[]): Search {
  const { client } = usePage();
  const [asked, setAsked] = useState<Asked>({ wishes: {}, beside: [], page: 1 });
  const [found, setFound] = useState<Found>({ sections: [], total: 0, page: 0 });
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<SunbeonError>();
  useEffect(() => {
    const unwanted = new AbortController();
    const { wishes, beside, page } = asked;
    setLoading(true);
    const query = { ...wishes, fits: beside, page, pageSize: PAGE_SIZE };
    const ask = () => client.api.sections(termId, query, unwanted.signal);
    const search = async () => {
      try {
        const answer = await retrying(ask, { goOn: () => !unwanted.signal.aborted });
        if (unwanted.signal.aborted) return;
        setError(undefined);
        setFound((before) => ({
          sections: page === 1 ? answer.sections : [...before.sections, ...answer.sections],
          total: answer.total,
          page,
        }));
      } catch (thrown) {
        if (!unwanted.signal.aborted) setError(asSunbeonError(thrown));
      }
      if (!unwanted.signal.aborted) setLoading(false);
    };
    const timer = setTimeout(() => void search(), page === 1 && wishes.query ? TYPING_PAUSE_MS : 0);
    return () => {
      unwanted.abort();
      clearTimeout(timer);
    };
  }, [client, termId, asked]);
  const hasMore = !loading && (error !== undefined || found.sections.length < found.total);
  return {
    wishes: asked.wishes,
    change: (wishes) => setAsked({ wishes, beside: wishes.fits ? own.map(({ id }) => id) : [], page: 1 }),
    sections: found.sections,
    total: found.total,
    loading,
    loadedOnce: found.page > 0,
    error,
    more: hasMore ? () => setAsked({ ...asked, page: error ? asked.page : asked.page + 1 }) : undefined,
  };
}

/** What a search in the term can be narrowed to; nothing until it is there. */
export function useChoices(termId: string): SearchChoices {
  const { client } = usePage();
  // Without them the search goes through all, as it does before anything is chosen.
  return useRead(() => client.api.choices(termId), [client, termId]).found ?? { departments: [] };
}
