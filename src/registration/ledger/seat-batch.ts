import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/domain-error';
import { admissionRefusal } from '../../line/ticket';
import type { AdmissionCheck, AdmissionLife, Outbox } from '../ports';
import { SeatDecision } from '../seats/seat-decision';
import { type BatchSettings, type FollowUp, BatchState } from '../seats/batch-state';
import type { SectionOutcome } from '../../contract/seats';
import { NOBODY, type PromoteRequest, type SeatRequest } from '../seats/seat-request';
import type { SeatState, StudentFacts, TermFacts } from '../seats/seat-state';
import { distinctSections, type SectionRef } from '../seats/section-ref';
import { noSuchTerm, termArchived } from '../entities/term-row';
import type { EnrolmentsChanged } from '../seats/seat-news';
import type { MeetingsReading } from './section-meetings';
import type { SeatStore, StoredAnswer } from './seat-store';
import { SeatWriter } from './seat-writer';
import { distinct, WaitlistReader } from './waitlist-reader';
import { answerKey, named, type NamedRequest } from './named-request';

/** The answer to one request: outcomes per section, decided now or given before, or why it was refused as a whole. */
export type SeatAnswer = { outcomes: SectionOutcome[]; isReplay: boolean } | { refusal: DomainError };

export interface BatchResult {
  /** In the order of the requests. */
  answers: SeatAnswer[];
  events: EnrolmentsChanged[];
  /** To be done next, before anything else. */
  promotions: FollowUp[];
  /** Requests that were decided and whose answer is kept, by student and stored key. */
  kept: readonly string[];
  /** Requests whose answer was there already. */
  replayed: ReadonlySet<string>;
  /** To be called once all of it is committed. */
  committed: () => void;
}

export interface BatchParts {
  store: SeatStore;
  admissions: AdmissionCheck;
  outbox: Outbox;
  settings: BatchSettings;
}

/** What is read under the students' locks, before those of the sections: all that only a request of theirs can change. */
interface StudentReads {
  stored: Map<string, StoredAnswer>;
  lives: Map<string, AdmissionLife>;
  terms: Map<string, TermFacts>;
  enrolments: SeatState['enrolments'];
  creditLimits: SeatState['creditLimits'];
}

/** One transaction of the ledger: locks, reads, decides, writes. It is run again as a whole when the database says so. */
export class SeatBatch {
  private readonly waitlists = new WaitlistReader();
  private readonly writer = new SeatWriter();

  constructor(protected readonly parts: BatchParts) {}

  /** @param now ms since the Unix epoch, by the database's clock */
  async run(manager: EntityManager, requests: readonly SeatRequest[], now: number): Promise<BatchResult> {
    const all = requests.map(named);
    const { students, unknownStudents } = await this.lockStudents(manager, requests);
    const meetings = this.parts.store.meetings.reading();
    const reads = await this.readStudents(manager, all, students, now, meetings);
    const { terms, enrolments, creditLimits } = reads;
    const judged = all.map((one) => refusalOf(one, students, reads, now));
    const open = all.filter((_, index) => judged[index] === undefined);
    const known = { now, students, unknownStudents, terms, enrolments, creditLimits };
    const state = await this.read(manager, open, known, meetings);
    const batch = new BatchState(state, this.parts.settings);
    const decision = new SeatDecision(batch);
    const storedForNobody = await this.answersToNobody(manager, open);
    const answered = new Map<string, { request: NamedRequest; outcomes: SectionOutcome[] }>();
    const answers = all.map((one, index): SeatAnswer => {
      const early = judged[index];
      if (early) return early;
      const key = answerKey(one);
      const before = storedForNobody.get(key);
      if (before) return replay(one, before);
      const twin = answered.get(key);
      if (twin) return replay(one, { requestHash: twin.request.requestHash, outcomes: twin.outcomes });
      const stopped = stopOf(one.request, state);
      if (stopped) return stopped;
      batch.requestId = one.request.requestId;
      const outcomes = this.decide(decision, one.request, batch);
      if (isKept(one.request, outcomes)) answered.set(key, { request: one, outcomes });
      return { outcomes, isReplay: false };
    });
    await this.writer.save(manager, batch.result());
    await this.writer.answers(manager, [...answered.values()], now);
    if (batch.notices.length > 0) await this.parts.outbox.add(manager, batch.notices, now);
    const replayed = new Set([...reads.stored.keys(), ...storedForNobody.keys()]);
    return {
      ...{ answers, events: batch.events(), promotions: batch.promotions(), kept: [...answered.keys()], replayed },
      committed: () => meetings.keep(),
    };
  }

  /** One request after another, on what those before it have left on the batch. */
  protected decide(decision: SeatDecision, request: SeatRequest, _batch: BatchState): SectionOutcome[] {
    return decision.decide(request);
  }

  /** Those who ask, and those who seem to be next on the waitlists that are to be served. */
  private async lockStudents(
    manager: EntityManager,
    requests: readonly SeatRequest[],
  ): Promise<Pick<SeatState, 'students' | 'unknownStudents'>> {
    const { entries } = await this.waitlists.heads(manager, promotionsAmong(requests));
    const ids = [...requests, ...entries].map(({ studentId }) => studentId).filter((id) => id !== NOBODY);
    const students = await this.parts.store.lockStudents(manager, unique(ids));
    return { students, unknownStudents: new Set(ids.filter((id) => !students.has(id))) };
  }

  /**
   * Questions that do not build on each other, asked at once, and before the sections are locked: what others wait for is
   * held shorter.
   */
  private async readStudents(
    manager: EntityManager,
    all: readonly NamedRequest[],
    students: ReadonlyMap<string, StudentFacts>,
    now: number,
    meetings: MeetingsReading,
  ): Promise<StudentReads> {
    const { store } = this.parts;
    const termIds = unique(all.map(({ request }) => request.termId));
    const [stored, lives, terms, enrolments, creditLimits] = await Promise.all([
      store.answers(manager, all),
      this.livesOf(manager, all, now),
      store.terms(manager, termIds),
      store.enrolments(manager, [...students.keys()], termIds, meetings),
      store.creditLimits(manager, [...students.keys()], termIds),
    ]);
    return { stored, lives, terms, enrolments, creditLimits };
  }

  private async read(
    manager: EntityManager,
    open: readonly NamedRequest[],
    known: Omit<SeatState, 'sections' | 'reach' | 'stops' | 'entries' | 'holds' | 'enrolledIn' | 'classYearTaken'>,
    meetings: MeetingsReading,
  ): Promise<SeatState> {
    const { store } = this.parts;
    const requests = open.map(({ request }) => request);
    const wanted = distinctSections(requests.flatMap(sectionsOf));
    const sections = await store.lockSections(manager, wanted, known.terms, meetings);
    const locked = [...sections.values()];
    const promotions = promotionsAmong(requests);
    const { entries: heads, reach } = await this.waitlists.heads(manager, promotions);
    const promoted = distinctSections(promotions.flatMap(sectionsOf));
    const closing = distinctSections(requests.filter(isClosing).flatMap(sectionsOf));
    // In the rush nobody waits yet, and there is nothing to read.
    const listed = locked.some(({ waiting, held }) => waiting > 0 || held > 0);
    const entries = listed ? await this.waitlists.open(manager, [...known.students.keys()], promoted, closing) : [];
    return {
      ...known,
      ...{ sections, reach },
      stops: await store.stops(manager, unique(requests.map(({ termId }) => termId))),
      entries: distinct([...entries, ...heads]),
      holds: await this.waitlists.holds(manager, locked),
      enrolledIn: await store.enrolledIn(manager, closing),
      classYearTaken: await store.classYearTaken(manager, locked),
    };
  }

  /**
   * Where no student's lock has kept others out, an answer may have come while this batch waited for the section: of
   * the same request, whose COMMIT seemed to be lost.
   */
  private async answersToNobody(
    manager: EntityManager,
    open: readonly NamedRequest[],
  ): Promise<Map<string, StoredAnswer>> {
    const own = open.filter(({ studentId }) => studentId === NOBODY);
    return own.length === 0 ? new Map<string, StoredAnswer>() : this.parts.store.answers(manager, own);
  }

  private async livesOf(
    manager: EntityManager,
    all: readonly NamedRequest[],
    now: number,
  ): Promise<Map<string, AdmissionLife>> {
    const claims = all.flatMap(({ request }) => {
      const admission = admissionOf(request);
      return admission === undefined ? [] : [{ jti: admission, studentId: request.studentId }];
    });
    return claims.length === 0 ? new Map() : this.parts.admissions.liveAdmissions(manager, claims, now);
  }
}

/** The answer when the request need not, or must not, be decided. An answer given before comes first, whatever was since. */
function refusalOf(
  asked: NamedRequest,
  students: ReadonlyMap<string, StudentFacts>,
  { stored, lives }: StudentReads,
  now: number,
): SeatAnswer | undefined {
  const before = stored.get(answerKey(asked));
  if (before) return replay(asked, before);
  const { request } = asked;
  if (request.studentId !== NOBODY && !students.has(request.studentId)) {
    return { refusal: new DomainError('not_on_roster', 'This student is not known here.') };
  }
  if (!('admission' in request) || request.admission === undefined) return undefined;
  const { admission, admissionExpiresAt: expiresAt = Number.POSITIVE_INFINITY } = request;
  const life = lives.get(admission) ?? 'unknown';
  const refusal = admissionRefusal(life === 'live' && expiresAt <= now ? 'expired' : life);
  return refusal && { refusal };
}

/** What students ask, and promotions, wait until the term's seats may change again; operators act unless it is archived. */
function stopOf(request: SeatRequest, { stops }: SeatState): SeatAnswer | undefined {
  const stop = stops.get(request.termId);
  if (!stop) return undefined;
  // Its seats stay held, and the sweep comes back to them.
  if (request.kind === 'promote') return { outcomes: [], isReplay: false };
  const isOperators = 'act' in request;
  // No student sees that there was one.
  if (stop === 'archived') return { refusal: isOperators ? termArchived(request.termId) : noSuchTerm(request.termId) };
  if (isOperators) return undefined;
  const message = `All changes of seats are stopped: ${stop.reason}`;
  return { refusal: new DomainError('seats_stopped', message, { ...stop }) };
}

function replay({ requestHash }: NamedRequest, before: StoredAnswer): SeatAnswer {
  if (before.requestHash === requestHash) return { outcomes: before.outcomes, isReplay: true };
  return {
    refusal: new DomainError('request_mismatch', 'This idempotency key was used for another request.'),
  };
}

/** Of outcomes, those that change nothing. */
const UNCHANGED: ReadonlySet<SectionOutcome['outcome']> = new Set(['refused', 'kept']);

/**
 * An answer is kept when it says that something changed; a refusal would only cost a row. Of a promotion nobody knows,
 * and the ledger itself has to find out whether it was committed.
 */
const isKept = ({ kind }: SeatRequest, outcomes: readonly SectionOutcome[]): boolean =>
  kind === 'promote' || outcomes.some(({ outcome }) => !UNCHANGED.has(outcome));

const admissionOf = (request: SeatRequest): string | undefined =>
  'admission' in request ? request.admission : undefined;

const promotionsAmong = (requests: readonly SeatRequest[]): PromoteRequest[] =>
  requests.filter((request) => request.kind === 'promote');

const sectionsOf = ({ termId, sectionIds }: SeatRequest): SectionRef[] =>
  sectionIds.map((sectionId) => ({ termId, sectionId }));

const isClosing = (request: SeatRequest): boolean => request.kind === 'configure' && request.capacity === 0;

const unique = (values: string[]): string[] => [...new Set(values)].sort();
