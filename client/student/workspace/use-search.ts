import { useEffect, useState } from 'preact/hooks';
import { asSunbeonError, retrying, type Section, type SectionQuery, type SunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import { useRead } from '../parts/use-read';

export interface Search {
  query: SectionQuery;
  /** Starts over with other words. */
  change: (query: SectionQuery) => void;
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
const TYPING_PAUSE_MS = 250;

interface Asked {
  query: SectionQuery;
  /** From 1. */
  page: number;
}

interface Found {
  sections: Section[];
  total: number;
  page: number;
}

/** Searches as the student types; the last answer stays until the next is there. */
export function useSearch(termId: string): Search {
  const { client } = usePage();
  const [asked, setAsked] = useState<Asked>({ query: {}, page: 1 });
  const [found, setFound] = useState<Found>({ sections: [], total: 0, page: 0 });
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<SunbeonError>();
  useEffect(() => {
    let wanted = true;
    const { query, page } = asked;
    setLoading(true);
    const ask = () => client.api.sections(termId, { ...query, page, pageSize: PAGE_SIZE });
    const search = async () => {
      try {
        const answer = await retrying(ask, { goOn: () => wanted });
        if (!wanted) return;
        setError(undefined);
        setFound((before) => ({
          sections: page === 1 ? answer.sections : [...before.sections, ...answer.sections],
          total: answer.total,
          page,
        }));
      } catch (thrown) {
        if (wanted) setError(asSunbeonError(thrown));
      }
      if (wanted) setLoading(false);
    };
    const timer = setTimeout(() => void search(), page === 1 && query.query ? TYPING_PAUSE_MS : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [client, termId, asked]);
  const hasMore = !loading && (error !== undefined || found.sections.length < found.total);
  return {
    query: asked.query,
    change: (query) => setAsked({ query, page: 1 }),
    sections: found.sections,
    total: found.total,
    loading,
    loadedOnce: found.page > 0,
    error,
    more: hasMore ? () => setAsked({ ...asked, page: error ? asked.page : asked.page + 1 }) : undefined,
  };
}

/** The departments of a term, for the choice; empty until they are there. */
export function useDepartments(termId: string): string[] {
  const { client } = usePage();
  // Without them the search goes through all departments, as it does before one is chosen.
  return useRead(() => client.api.departments(termId), [client, termId]).found ?? [];
}
