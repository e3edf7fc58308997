import { type ErrorBody, ERROR_RETRYABLE } from '../common/domain-error';
import type { EnrolmentChange, EnrolmentsChanged } from './enrolment-events';
import { type Refusal, refuseEnrolment, type SeatFacts, type SectionFacts, seatsLeft } from './rules';
import type { SeatRequest, SectionOutcome } from './seat-request';

/** A section with its seats, as read under its row's lock. */
export interface LockedSection extends SectionFacts, SeatFacts {
  termId: string;
  version: number;
}

/** What was read under the locks. */
export interface SeatState {
  sections: ReadonlyMap<string, LockedSection>;
  enrolments: readonly { studentId: string; termId: string; section: SectionFacts }[];
  creditLimits: ReadonlyMap<string, number>;
}

/** What the decisions of one batch come to. */
export interface SeatChanges {
  added: { studentId: string; termId: string; sectionId: string; admission: string | undefined }[];
  removed: { studentId: string; sectionId: string }[];
  /** By how much the seats taken change, per section; never 0. */
  seats: { sectionId: string; taken: number }[];
}

/**
 * Decides requests one after another on what was read under the locks. Each sees what those before it have taken and
 * given back. Nothing here touches the database.
 */
export class SeatDecision {
  private readonly taken = new Map<string, number>();
  private readonly enrolled = new Map<string, Map<string, SectionFacts>>();
  /** `added` or `removed` against the database, per student and section. */
  private readonly net = new Map<string, { request: SeatRequest; sectionId: string; sign: 1 | -1 }>();
  private readonly changes: (EnrolmentChange & { termId: string })[] = [];

  constructor(private readonly state: SeatState) {
    for (const { studentId, termId, section } of state.enrolments) {
      this.sectionsOf(studentId, termId).set(section.id, section);
    }
  }

  decide(request: SeatRequest): SectionOutcome[] {
    return request.sectionIds.map((sectionId) =>
      request.kind === 'commit' ? this.enrol(request, sectionId) : this.drop(request, sectionId),
    );
  }

  result(): SeatChanges {
    const net = [...this.net.values()];
    return {
      added: net
        .filter(({ sign }) => sign === 1)
        .map(({ request, sectionId }) => ({
          studentId: request.studentId,
          termId: request.termId,
          sectionId,
          admission: request.kind === 'commit' ? request.admission : undefined,
        })),
      removed: net
        .filter(({ sign }) => sign === -1)
        .map(({ request, sectionId }) => ({ studentId: request.studentId, sectionId })),
      seats: [...this.taken]
        .map(([sectionId, taken]) => ({ sectionId, taken }))
        .filter(({ taken }) => taken !== 0)
        .sort((a, b) => (a.sectionId < b.sectionId ? -1 : 1)),
    };
  }

  /** The news of the batch, per term. */
  events(): EnrolmentsChanged[] {
    const terms = new Set(this.changes.map(({ termId }) => termId));
    return [...terms].map((termId) => ({
      termId,
      changes: this.changes.filter((change) => change.termId === termId).map(({ termId: _, ...change }) => change),
      sections: this.result().seats.flatMap(({ sectionId }) => {
        const section = this.state.sections.get(sectionId);
        if (section?.termId !== termId) return [];
        return [{ id: sectionId, left: seatsLeft(this.seatsOf(section)), version: section.version + 1 }];
      }),
    }));
  }

  private enrol(request: SeatRequest, sectionId: string): SectionOutcome {
    const section = this.state.sections.get(sectionId);
    if (section?.termId !== request.termId) {
      return refused(sectionId, { code: 'section_not_found', message: 'There is no such section.', details: {} });
    }
    const enrolled = this.sectionsOf(request.studentId, request.termId);
    const refusal = refuseEnrolment({
      wanted: section,
      seats: this.seatsOf(section),
      enrolled: [...enrolled.values()],
      creditLimitHundredths: this.state.creditLimits.get(request.termId) ?? 0,
    });
    if (refusal) return refused(sectionId, refusal);
    enrolled.set(sectionId, section);
    this.note(request, sectionId, 1);
    return { sectionId, outcome: 'enrolled' };
  }

  private drop(request: SeatRequest, sectionId: string): SectionOutcome {
    const enrolled = this.sectionsOf(request.studentId, request.termId);
    if (!enrolled.delete(sectionId)) {
      return refused(sectionId, {
        code: 'not_enrolled',
        message: 'You are not enrolled in this section.',
        details: { sectionId },
      });
    }
    this.note(request, sectionId, -1);
    return { sectionId, outcome: 'dropped' };
  }

  private note(request: SeatRequest, sectionId: string, sign: 1 | -1): void {
    const { studentId, termId, kind } = request;
    this.taken.set(sectionId, (this.taken.get(sectionId) ?? 0) + sign);
    const key = JSON.stringify([studentId, sectionId]);
    // Given back and taken again, or the reverse, within one batch: the database need not know.
    if (this.net.has(key)) this.net.delete(key);
    else this.net.set(key, { request, sectionId, sign });
    this.changes.push({ termId, studentId, sectionId, state: sign === 1 ? 'enrolled' : 'dropped', by: kind });
  }

  private seatsOf(section: LockedSection): SeatFacts {
    const { capacity, held, overrides } = section;
    return { capacity, held, overrides, taken: section.taken + (this.taken.get(section.id) ?? 0) };
  }

  private sectionsOf(studentId: string, termId: string): Map<string, SectionFacts> {
    const key = JSON.stringify([studentId, termId]);
    const sections = this.enrolled.get(key) ?? new Map<string, SectionFacts>();
    this.enrolled.set(key, sections);
    return sections;
  }
}

function refused(sectionId: string, { code, message, details }: Refusal): SectionOutcome {
  const error: ErrorBody = { code, message, retryable: ERROR_RETRYABLE[code], details };
  return { sectionId, outcome: 'refused', error };
}
