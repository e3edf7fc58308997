import type { SeatRequests } from '../../client/sdk/seat-requests';
import type { SectionOutcome } from '../../src/contract/seats';

/** What a student may ask about seats; join and leave are those of a waitlist. */
export type SeatQuestion = 'commit' | 'drop' | 'swap' | 'join' | 'leave';

export interface SeatRequest {
  question: SeatQuestion;
  /** One, but for a commit; of a swap what is given back and what is taken. */
  sectionIds: readonly string[];
}

/** A final answer about one section. */
export interface SeatAnswer {
  question: SeatQuestion;
  sectionId: string;
  outcome: 'enrolled' | 'dropped' | 'kept' | 'waitlisted' | 'left' | 'refused';
  /** Why it was refused. */
  code?: string;
  /** On the waitlist, when it was joined. */
  position?: number;
  /** The other section of a swap. */
  other?: string;
}

/** As which each is asked over a socket. */
export const SEAT_EVENTS = {
  commit: 'enrolment:commit',
  drop: 'enrolment:drop',
  swap: 'enrolment:swap',
  join: 'waitlist:join',
  leave: 'waitlist:leave',
} as const satisfies Record<SeatQuestion, string>;

/** Asks until there is an answer. @throws SunbeonError when the request as a whole is refused */
export async function sendRequest(
  seats: SeatRequests,
  termId: string,
  { question, sectionIds }: SeatRequest,
): Promise<SectionOutcome[]> {
  const [sectionId = '', takeSectionId = ''] = sectionIds;
  switch (question) {
    case 'commit':
      return seats.commit(termId, [...sectionIds]);
    case 'drop':
      return seats.drop(termId, sectionId);
    case 'swap':
      return seats.swap(termId, sectionId, takeSectionId);
    case 'join':
      return seats.joinWaitlist(termId, sectionId);
    case 'leave':
      return seats.leaveWaitlist(termId, sectionId);
  }
}
