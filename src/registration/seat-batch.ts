import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error';
import type { AdmissionCheck, AdmissionLife } from './admission-ports';
import type { EnrolmentsChanged } from './enrolment-events';
import type { Outbox } from './outbox-port';
import { SeatDecision } from './seat-decision';
import { type DeskSettings, type FollowUp, SeatDesk } from './seat-desk';
import {
  NOBODY,
  type PromoteRequest,
  requestHash,
  type SeatRequest,
  type SectionOutcome,
  storedKey,
} from './seat-request';
import type { SeatState, StudentFacts } from './seat-state';
import type { SeatStore, StoredAnswer } from './seat-store';
import { SeatWriter } from './seat-writer';
import { distinct, WaitlistReader } from './waitlist-reader';

/** The answer to one request: outcomes per section, or why the request as a whole was refused. */
export type SeatAnswer = { outcomes: SectionOutcome[] } | { refusal: DomainError };

export interface BatchResult {
  /** In the order of the requests. */
  answers: SeatAnswer[];
  events: EnrolmentsChanged[];
  /** To be done next, before anything else. */
  promotions: FollowUp[];
}

export interface BatchParts {
  store: SeatStore;
  admissions: AdmissionCheck;
  outbox: Outbox;
  settings: DeskSettings;
}

/** One transaction of the ledger: locks, reads, decides, writes. It is run again as a whole when the database says so. */
export class SeatBatch {
  private readonly waitlists = new WaitlistReader();
  private readonly writer = new SeatWriter();

  constructor(protected readonly parts: BatchParts) {}

  /**
   * @param now ms since the Unix epoch, by the database's clock
   * @param onLocked called once every lock that the requests need is held
   */
  async run(
    manager: EntityManager,
    requests: readonly SeatRequest[],
    now: number,
    onLocked: () => void = () => undefined,
  ): Promise<BatchResult> {
    const { store, outbox } = this.parts;
    const students = await this.lockStudents(manager, requests);
    const stored = await store.answers(manager, requests);
    const lives = await this.livesOf(manager, requests);
    const judged = requests.map((request) => refusalOf(request, students, stored, lives));
    const open = requests.filter((_, index) => judged[index] === undefined);
    const desk = new SeatDesk(await this.read(manager, open, students, now, onLocked), this.parts.settings);
    const decision = new SeatDecision(desk);
    const settled = await this.answersToNobody(manager, open);
    const answered = new Map<string, { request: SeatRequest; outcomes: SectionOutcome[] }>();
    const answers = requests.map((request, index): SeatAnswer => {
      const early = judged[index];
      if (early) return early;
      const key = answerKey(request);
      const before = settled.get(key);
      if (before) return replay(request, before);
      const twin = answered.get(key);
      if (twin) return replay(request, { requestHash: requestHash(twin.request), outcomes: twin.outcomes });
      const outcomes = this.decide(decision, request, desk);
      answered.set(key, { request, outcomes });
      return { outcomes };
    });
    await this.writer.save(manager, desk.result());
    await this.writer.answers(manager, [...answered.values()], now);
    if (desk.notices.length > 0) await outbox.add(manager, desk.notices);
    return { answers, events: desk.events(), promotions: desk.promotions() };
  }

  /** One request after another, on what those before it have left on the desk. */
  protected decide(decision: SeatDecision, request: SeatRequest, _desk: SeatDesk): SectionOutcome[] {
    return decision.decide(request);
  }

  /** Those who ask, and those who seem to be next on the waitlists that are to be served. */
  private async lockStudents(
    manager: EntityManager,
    requests: readonly SeatRequest[],
  ): Promise<Map<string, StudentFacts>> {
    const { entries } = await this.waitlists.heads(manager, promotionsAmong(requests));
    const ids = [...requests, ...entries].map(({ studentId }) => studentId).filter((id) => id !== NOBODY);
    return this.parts.store.lockStudents(manager, unique(ids));
  }

  private async read(
    manager: EntityManager,
    open: readonly SeatRequest[],
    students: Map<string, StudentFacts>,
    now: number,
    onLocked: () => void,
  ): Promise<SeatState> {
    const nothing = { sections: new Map(), enrolments: [], holds: [], entries: [], terms: new Map() };
    if (open.length === 0) return { now, students, ...nothing, reach: new Map(), classYearTaken: new Map() };
    const { store } = this.parts;
    const termIds = unique(open.map(({ termId }) => termId));
    const terms = await store.terms(manager, termIds);
    const sections = await store.lockSections(
      manager,
      unique(open.flatMap((request) => [...request.sectionIds])),
      terms,
    );
    onLocked();
    const locked = [...sections.values()];
    const promotions = promotionsAmong(open);
    const { entries: heads, reach } = await this.waitlists.heads(manager, promotions);
    const promoted = unique(promotions.flatMap(({ sectionIds }) => [...sectionIds]));
    // In the rush nobody waits yet, and there is nothing to read.
    const listed = locked.some(({ waiting, held }) => waiting > 0 || held > 0);
    const entries = listed ? await this.waitlists.open(manager, [...students.keys()], promoted) : [];
    return {
      ...{ now, students, terms, sections, reach },
      entries: distinct([...entries, ...heads]),
      enrolments: await store.enrolments(manager, [...students.keys()], termIds),
      holds: await this.waitlists.holds(manager, locked),
      classYearTaken: await store.classYearTaken(manager, locked),
    };
  }

  /**
   * Where no student's lock has kept others out, an answer may have come while this batch waited for the section: of
   * the same request, whose COMMIT seemed to be lost.
   */
  private async answersToNobody(
    manager: EntityManager,
    open: readonly SeatRequest[],
  ): Promise<Map<string, StoredAnswer>> {
    const own = open.filter(({ studentId }) => studentId === NOBODY);
    return own.length === 0 ? new Map<string, StoredAnswer>() : this.parts.store.answers(manager, own);
  }

  private async livesOf(manager: EntityManager, requests: readonly SeatRequest[]): Promise<Map<string, AdmissionLife>> {
    const claims = requests.flatMap((request) => {
      const admission = admissionOf(request);
      return admission === undefined ? [] : [{ jti: admission, studentId: request.studentId }];
    });
    return claims.length === 0 ? new Map() : this.parts.admissions.liveAdmissions(manager, claims);
  }
}

/** The answer when the request need not, or must not, be decided. An answer given before comes first, whatever was since. */
function refusalOf(
  request: SeatRequest,
  students: ReadonlyMap<string, StudentFacts>,
  stored: Map<string, StoredAnswer>,
  lives: Map<string, AdmissionLife>,
): SeatAnswer | undefined {
  const before = stored.get(answerKey(request));
  if (before) return replay(request, before);
  if (request.studentId !== NOBODY && !students.has(request.studentId)) {
    return { refusal: new DomainError('not_on_roster', 'This student is not known here.') };
  }
  const admission = admissionOf(request);
  const refusal = admission === undefined ? undefined : admissionRefusal(lives.get(admission) ?? 'unknown');
  return refusal && { refusal };
}

function replay(request: SeatRequest, before: StoredAnswer): SeatAnswer {
  if (before.requestHash === requestHash(request)) return { outcomes: before.outcomes };
  return {
    refusal: new DomainError('request_mismatch', 'This idempotency key was used for another request.'),
  };
}

function admissionRefusal(life: AdmissionLife): DomainError | undefined {
  switch (life) {
    case 'live':
      return undefined;
    case 'finished':
      return new DomainError('admission_finished', 'You have finished; join the line again to enrol.');
    case 'expired':
      return new DomainError('admission_expired', 'Your time inside is over.');
    case 'unknown':
      return new DomainError('admission_invalid', 'This admission is not valid.');
  }
}

const admissionOf = (request: SeatRequest): string | undefined =>
  'admission' in request ? request.admission : undefined;

const promotionsAmong = (requests: readonly SeatRequest[]): PromoteRequest[] =>
  requests.filter((request) => request.kind === 'promote');

const answerKey = (request: SeatRequest): string => `${request.studentId} ${storedKey(request)}`;

const unique = (values: string[]): string[] => [...new Set(values)].sort();
