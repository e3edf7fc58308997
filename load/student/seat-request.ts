import type { Answer, Tab } from './tab';

/** What a student may ask about seats; join and leave are those of a waitlist. */
export type SeatQuestion = 'commit' | 'drop' | 'swap' | 'join' | 'leave';

export interface SeatRequest {
  question: SeatQuestion;
  /** One, but for a commit; of a swap what is given back and what is taken. */
  sectionIds: readonly string[];
  idempotencyKey: string;
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

/** Every question about seats is answered alike. */
export type SeatsReply = Answer<'enrolment:commit'>;

/** @returns whether it could be sent on this tab */
export function sendRequest(
  tab: Tab,
  { question, sectionIds, idempotencyKey }: SeatRequest,
  { termId, admission }: { termId: string; admission: string },
  onAnswer: (reply: SeatsReply) => void,
): boolean {
  const [sectionId = '', takeSectionId = ''] = sectionIds;
  const base = { termId, idempotencyKey };
  switch (question) {
    case 'commit':
      return tab.ask('enrolment:commit', { ...base, sectionIds: [...sectionIds], admission }, onAnswer);
    case 'drop':
      return tab.ask('enrolment:drop', { ...base, sectionId }, onAnswer);
    case 'swap':
      return tab.ask('enrolment:swap', { ...base, dropSectionId: sectionId, takeSectionId, admission }, onAnswer);
    case 'join':
      return tab.ask('waitlist:join', { ...base, sectionId, admission }, onAnswer);
    case 'leave':
      return tab.ask('waitlist:leave', { ...base, sectionId }, onAnswer);
  }
}
