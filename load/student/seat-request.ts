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

/** As which each is asked. */
export const SEAT_EVENTS = {
  commit: 'enrolment:commit',
  drop: 'enrolment:drop',
  swap: 'enrolment:swap',
  join: 'waitlist:join',
  leave: 'waitlist:leave',
} as const satisfies Record<SeatQuestion, string>;

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
      return tab.ask(SEAT_EVENTS.commit, { ...base, sectionIds: [...sectionIds], admission }, onAnswer);
    case 'drop':
      return tab.ask(SEAT_EVENTS.drop, { ...base, sectionId }, onAnswer);
    case 'swap':
      return tab.ask(SEAT_EVENTS.swap, { ...base, dropSectionId: sectionId, takeSectionId, admission }, onAnswer);
    case 'join':
      return tab.ask(SEAT_EVENTS.join, { ...base, sectionId, admission }, onAnswer);
    case 'leave':
      return tab.ask(SEAT_EVENTS.leave, { ...base, sectionId }, onAnswer);
  }
}
