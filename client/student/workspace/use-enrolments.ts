import type { Enrolment, SunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import { useRead } from '../parts/use-read';

export interface Enrolments {
  list: Enrolment[];
  loaded: boolean;
  /** Why they could not be read. */
  error?: SunbeonError;
}

const NONE: Enrolment[] = [];

/** The student's enrolments in a term; read again whenever they changed, here or in another tab. */
export function useEnrolments(termId: string): Enrolments {
  const { client, state } = usePage();
  const { found, error } = useRead(() => client.api.enrolments(termId), [client, termId, state.enrolmentChanges]);
  return { list: found ?? NONE, loaded: found !== undefined, error };
}
