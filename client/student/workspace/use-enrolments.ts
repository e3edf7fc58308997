import { useEffect, useState } from 'preact/hooks';
import { asSunbeonError, type Enrolment, retrying, type SunbeonError } from '../../sdk';
import { usePage } from '../page-context';

export interface Enrolments {
  list: Enrolment[];
  loaded: boolean;
  error?: SunbeonError;
}

const NOTHING: Enrolments = { list: [], loaded: false };

/** The student's enrolments in a term; read again whenever they changed, here or in another tab. */
export function useEnrolments(termId: string): Enrolments {
  const { client, state } = usePage();
  const [enrolments, setEnrolments] = useState(NOTHING);
  const { enrolmentChanges } = state;
  useEffect(() => {
    let wanted = true;
    retrying(() => client.api.enrolments(termId), { goOn: () => wanted })
      .then((list) => wanted && setEnrolments({ list, loaded: true }))
      .catch((error: unknown) => wanted && setEnrolments((before) => ({ ...before, error: asSunbeonError(error) })));
    return () => {
      wanted = false;
    };
  }, [client, termId, enrolmentChanges]);
  return enrolments;
}
