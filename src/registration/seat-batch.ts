import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error';
import type { AdmissionCheck, AdmissionLife } from './admission-ports';
import type { EnrolmentsChanged } from './enrolment-events';
import { SeatDecision } from './seat-decision';
import { type CommitRequest, requestHash, type SeatRequest, type SectionOutcome, storedKey } from './seat-request';
import type { SeatStore, StoredAnswer } from './seat-store';

/** The answer to one request: outcomes per section, or why the request as a whole was refused. */
export type SeatAnswer = { outcomes: SectionOutcome[] } | { refusal: DomainError };

export interface BatchResult {
  /** In the order of the requests. */
  answers: SeatAnswer[];
  events: EnrolmentsChanged[];
}

/** One transaction of the ledger: locks, reads, decides, writes. It is run again as a whole when the database says so. */
export class SeatBatch {
  constructor(
    private readonly store: SeatStore,
    private readonly admissions: AdmissionCheck,
  ) {}

  async run(manager: EntityManager, requests: readonly SeatRequest[]): Promise<BatchResult> {
    const students = await this.store.lockStudents(manager, unique(requests.map(({ studentId }) => studentId)));
    const stored = await this.store.answers(manager, requests);
    const lives = await this.livesOf(manager, requests);
    const judged = requests.map((request) => refusalOf(request, students, stored, lives));
    const open = requests.filter((_, index) => judged[index] === undefined);
    const decision = await this.decisionFor(manager, open);
    const answered = new Map<string, { request: SeatRequest; outcomes: SectionOutcome[] }>();
    const answers = requests.map((request, index): SeatAnswer => {
      const early = judged[index];
      if (early) return early;
      const key = answerKey(request);
      const twin = answered.get(key);
      if (twin) return replay(request, { requestHash: requestHash(twin.request), outcomes: twin.outcomes });
      const outcomes = decision.decide(request);
      answered.set(key, { request, outcomes });
      return { outcomes };
    });
    await this.store.save(manager, decision.result(), [...answered.values()], Date.now());
    return { answers, events: decision.events() };
  }

  private async decisionFor(manager: EntityManager, open: readonly SeatRequest[]): Promise<SeatDecision> {
    const sectionIds = unique(open.flatMap((request) => request.sectionIds));
    if (open.length === 0) return new SeatDecision({ sections: new Map(), enrolments: [], creditLimits: new Map() });
    const termIds = unique(open.map(({ termId }) => termId));
    const studentIds = unique(open.map(({ studentId }) => studentId));
    const sections = await this.store.lockSections(manager, sectionIds);
    const enrolments = await this.store.enrolments(manager, studentIds, termIds);
    const creditLimits = await this.store.creditLimits(manager, termIds);
    return new SeatDecision({ sections, enrolments, creditLimits });
  }

  private async livesOf(manager: EntityManager, requests: readonly SeatRequest[]): Promise<Map<string, AdmissionLife>> {
    const claims = requests.flatMap((request) =>
      request.kind === 'commit' && request.admission !== undefined
        ? [{ jti: request.admission, studentId: request.studentId }]
        : [],
    );
    return claims.length === 0 ? new Map() : this.admissions.liveAdmissions(manager, claims);
  }
}

/** The answer when the request need not, or must not, be decided. An answer given before comes first, whatever was since. */
function refusalOf(
  request: SeatRequest,
  students: Set<string>,
  stored: Map<string, StoredAnswer>,
  lives: Map<string, AdmissionLife>,
): SeatAnswer | undefined {
  const before = stored.get(answerKey(request));
  if (before) return replay(request, before);
  if (!students.has(request.studentId)) {
    return { refusal: new DomainError('not_on_roster', 'This student is not known here.') };
  }
  const refusal = request.kind === 'commit' ? admissionRefusal(request, lives) : undefined;
  return refusal && { refusal };
}

function replay(request: SeatRequest, before: StoredAnswer): SeatAnswer {
  if (before.requestHash === requestHash(request)) return { outcomes: before.outcomes };
  return {
    refusal: new DomainError('request_mismatch', 'This idempotency key was used for another request.'),
  };
}

function admissionRefusal(request: CommitRequest, lives: Map<string, AdmissionLife>): DomainError | undefined {
  if (request.admission === undefined) return undefined;
  const life = lives.get(request.admission) ?? 'unknown';
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

const answerKey = (request: SeatRequest): string => `${request.studentId} ${storedKey(request)}`;

const unique = (values: string[]): string[] => [...new Set(values)].sort();
