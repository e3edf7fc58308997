import type { EffectivePolicy, SeatPolicy } from '../../contract/policy';
import type { ClassYear } from '../../contract/fields';
import { groupBy } from '../../common/collections';
import { pairKey } from '../../common/text';
import type { EnrolmentSource, CountChanges, LockedSection, SeatAct, SeatChanges, SeatState } from './seat-state';
import { releaseTime } from './rules/release-policy';
import { creditLimitOf, type EnrolmentQuestion, type Refusal, type SectionFacts } from './rules';
import { SectionSeats } from './section-seats';
import { effectivePolicy } from './seat-policy';
import { refOf, sectionKey, type SectionRef } from './section-ref';
import { WaitlistBook } from './waitlist-book';
import type { EnrolmentChange, EnrolmentsChanged, SeatNotice } from './seat-news';

export interface BatchSettings {
  /** Of the hours in release policies; IANA name. */
  timeZone: string;
  /** How long a promotion is left to the ledger that caused it before a sweep looks after it, ms. */
  promotionPatienceMs: number;
  /** At least 0 and below 1. */
  random: () => number;
  /** Why a student may take no seat now, be it one that the waitlist's turn would bring. */
  barred: (studentId: string) => Refusal | undefined;
}

/** A promotion that this batch makes necessary. */
export interface FollowUp extends SectionRef {
  after: number;
  /** The request that made it necessary. */
  requestId?: string;
}

/** Why a student gets or loses a seat. */
export interface Cause {
  by: EnrolmentChange['by'];
  source: EnrolmentSource;
  notice: SeatNotice['kind'];
  /** What the notice says beyond the section. */
  details?: Record<string, unknown>;
  admission?: string;
}

interface NetChange extends SectionRef {
  studentId: string;
  sign: 1 | -1;
  cause: Cause;
}

/** The seats, enrolments and waitlists that a batch was read for, and what its decisions make of them. */
export class BatchState {
  readonly waitlist: WaitlistBook;
  readonly changes: (EnrolmentChange & { termId: string })[] = [];
  readonly notices: SeatNotice[] = [];
  /** The request that is being decided: what comes of it names it. */
  requestId: string | undefined;
  readonly acts: SeatAct[] = [];
  /** By section key, as all maps of sections here. */
  private readonly seats = new Map<string, SectionSeats>();
  private readonly enrolled = new Map<string, Map<string, SectionFacts>>();
  private readonly classYears = new Map<string, Map<ClassYear, number>>();
  /** `added` or `removed` against the database, per student and section. */
  private readonly net = new Map<string, NetChange>();
  private readonly followUps = new Map<string, FollowUp>();
  private readonly policies = new Map<string, SectionRef & { policy: SeatPolicy }>();

  constructor(
    readonly state: SeatState,
    readonly settings: BatchSettings,
  ) {
    this.waitlist = new WaitlistBook(state.entries);
    const holds = groupBy(state.holds, sectionKey);
    for (const [key, section] of state.sections) this.seats.set(key, new SectionSeats(section, holds.get(key) ?? []));
    for (const [key, taken] of state.classYearTaken) this.classYears.set(key, new Map(taken));
    for (const { studentId, termId, section } of state.enrolments) {
      this.sectionsOf(studentId, termId).set(section.id, section);
    }
  }

  get now(): number {
    return this.state.now;
  }

  seatsOf(termId: string, sectionId: string): SectionSeats | undefined {
    return this.seats.get(sectionKey({ termId, sectionId }));
  }

  /** The sections of a term that the student has. */
  sectionsOf(studentId: string, termId: string): Map<string, SectionFacts> {
    const key = pairKey(termId, studentId);
    const sections = this.enrolled.get(key) ?? new Map<string, SectionFacts>();
    this.enrolled.set(key, sections);
    return sections;
  }

  policyOf(seats: SectionSeats): EffectivePolicy {
    return effectivePolicy(this.ownPolicy(seats), this.state.terms.get(seats.section.termId)?.policy ?? {});
  }

  setPolicy({ section }: SectionSeats, policy: SeatPolicy): void {
    this.policies.set(keyOf(section), { ...refOf(section), policy });
  }

  ownPolicy({ section }: SectionSeats): SeatPolicy {
    return this.policies.get(keyOf(section))?.policy ?? section.policy;
  }

  /** @param without a section that is given back for this one */
  question(studentId: string, seats: SectionSeats, without?: string): EnrolmentQuestion {
    const { section } = seats;
    const term = this.state.terms.get(section.termId);
    const classYear = this.state.students.get(studentId)?.classYear;
    const limit = classYear && section.classYearLimits?.[classYear];
    const taken = (classYear && this.classYears.get(keyOf(section))?.get(classYear)) ?? 0;
    return {
      wanted: section,
      seats,
      enrolled: [...this.sectionsOf(studentId, section.termId).values()].filter(({ id }) => id !== without),
      creditLimitHundredths: creditLimitOf(
        {
          ofTerm: term?.creditLimitHundredths ?? 0,
          ofClassYears: term?.policy.creditLimits,
          own: this.state.creditLimits.get(pairKey(section.termId, studentId)),
        },
        classYear,
      ),
      classYearSeats: classYear && limit !== undefined ? { classYear, limit, taken } : undefined,
      window: { windows: term?.policy.windows ?? {}, classYear, now: this.now },
      barred: this.settings.barred(studentId),
    };
  }

  /** The seat itself is taken by the caller. */
  enrol(studentId: string, seats: SectionSeats, cause: Cause): void {
    const { section } = seats;
    this.sectionsOf(studentId, section.termId).set(section.id, section);
    this.note(studentId, seats, 1, cause);
    const entry = this.waitlist.entryOf(studentId, seats);
    if (entry) this.waitlist.move(seats, entry, 'enrolled');
  }

  /** Gives the seat back; it goes to those who wait, or by the release policy. */
  drop(studentId: string, seats: SectionSeats, cause: Cause): void {
    this.sectionsOf(studentId, seats.section.termId).delete(seats.section.id);
    this.note(studentId, seats, -1, cause);
    if (seats.giveBack()) this.reassign(seats);
  }

  /** A seat is left: those who wait come first, the release policy only when nobody does. */
  reassign(seats: SectionSeats): void {
    if (seats.waiting > 0) this.holdForPromotion(seats);
    else this.release(seats);
  }

  /** Of `count` seats that are left, those who wait get the first; what they cannot have is everybody's at once. */
  keepForWaiting(seats: SectionSeats, count: number): void {
    const promised = seats.holdsFor('promotion').length + seats.holdsFor('release').length;
    const kept = Math.min(count, seats.waiting - promised);
    for (let seat = 0; seat < kept; seat += 1) seats.hold('release', this.now);
    if (kept > 0) this.promoteNext(seats);
  }

  private holdForPromotion(seats: SectionSeats): void {
    seats.hold('promotion', this.now + this.settings.promotionPatienceMs);
    this.promoteNext(seats);
  }

  /** Nobody new gets a seat: the waits end, and those enrolled keep theirs. All whom it concerns are told. */
  close(seats: SectionSeats): void {
    const section = refOf(seats.section);
    seats.close();
    for (const entry of this.waitlist.allOpen(section)) {
      this.waitlist.move(seats, entry, 'closed');
      const news = { state: 'none', by: 'operator', notice: 'waitlist_closed', closed: true } as const;
      this.tell(entry.studentId, seats.section, news);
    }
    for (const studentId of this.studentsIn(seats)) {
      this.notices.push({ ...section, studentId, kind: 'section_closed', details: {}, requestId: this.requestId });
    }
    this.followUps.delete(sectionKey(section));
  }

  private studentsIn({ section }: SectionSeats): string[] {
    const students = new Set(this.state.enrolledIn.get(keyOf(section)));
    for (const { studentId, sign, ...one } of this.net.values()) {
      if (sectionKey(one) !== keyOf(section)) continue;
      if (sign === 1) students.add(studentId);
      else students.delete(studentId);
    }
    return [...students];
  }

  /** A seat that is left, and that nobody who waits can have, is left to everybody when the policy says so. */
  release(seats: SectionSeats): void {
    const { timeZone, random } = this.settings;
    const time = releaseTime(this.policyOf(seats).release, this.now, random(), timeZone);
    if (time > this.now) seats.hold('release', time);
  }

  promoteNext({ section }: SectionSeats, after = 0): void {
    const known = this.followUps.get(keyOf(section));
    if (known && known.after <= after) return;
    this.followUps.set(keyOf(section), { ...refOf(section), after, requestId: this.requestId });
  }

  /** News of the waitlist; `notice` is left out for what the student did. */
  tell(
    studentId: string,
    { id: sectionId, termId }: { id: string; termId: string },
    news: Pick<EnrolmentChange, 'state' | 'by' | 'closed'> & {
      notice?: SeatNotice['kind'];
      details?: Record<string, unknown>;
    },
  ): void {
    const { state, by, closed, notice, details = {} } = news;
    this.changes.push({ termId, studentId, sectionId, state, by, ...(closed ? { closed } : {}) });
    const { requestId } = this;
    if (notice) this.notices.push({ studentId, termId, kind: notice, sectionId, details, requestId });
  }

  result(): SeatChanges {
    const net = [...this.net.values()];
    const holds = [...this.seats.values()].map((seats) => seats.holdChanges());
    return {
      now: this.now,
      added: net
        .filter(({ sign }) => sign === 1)
        .map(({ studentId, termId, sectionId, cause }) => ({
          ...{ studentId, termId, sectionId },
          ...{ source: cause.source, admission: cause.admission },
        })),
      removed: net
        .filter(({ sign }) => sign === -1)
        .map(({ studentId, termId, sectionId }) => ({ studentId, termId, sectionId })),
      counts: this.counts(),
      holds: { added: holds.flatMap(({ added }) => added), removed: holds.flatMap(({ removed }) => removed) },
      waitlist: this.waitlist.changes(),
      policies: [...this.policies.values()],
      acts: this.acts,
    };
  }

  /** The news of the batch, per term. */
  events(): EnrolmentsChanged[] {
    const counts = this.counts().map((section) => this.seats.get(sectionKey(section)) as SectionSeats);
    const terms = new Set([...this.changes, ...counts.map(({ section }) => section)].map(({ termId }) => termId));
    return [...terms].map((termId) => ({
      termId,
      changes: this.changes.filter((change) => change.termId === termId).map(({ termId: _, ...change }) => change),
      sections: counts
        .filter(({ section }) => section.termId === termId)
        .map(({ section, left, capacity }) => ({ id: section.id, left, version: section.version + 1, capacity })),
    }));
  }

  promotions(): FollowUp[] {
    return [...this.followUps.values()];
  }

  private counts(): (SectionRef & CountChanges)[] {
    return [...this.seats.values()]
      .map((seats) => ({ section: refOf(seats.section), changes: seats.changes() }))
      .filter(({ changes }) => Object.values(changes).some((change) => change !== 0))
      .map(({ section, changes }) => ({ ...section, ...changes }));
  }

  private note(studentId: string, { section }: SectionSeats, sign: 1 | -1, cause: Cause): void {
    const { id: sectionId, termId } = section;
    const key = pairKey(studentId, keyOf(section));
    // Given back and taken again, or the reverse, within one batch: the database need not know.
    if (this.net.has(key)) this.net.delete(key);
    else this.net.set(key, { studentId, termId, sectionId, sign, cause });
    const classYear = this.state.students.get(studentId)?.classYear;
    const taken = this.classYears.get(keyOf(section));
    if (classYear && taken) taken.set(classYear, (taken.get(classYear) ?? 0) + sign);
    const state = sign === 1 ? 'enrolled' : 'dropped';
    this.tell(studentId, section, { state, by: cause.by, notice: cause.notice, details: cause.details });
  }
}

const keyOf = (section: LockedSection): string => sectionKey(refOf(section));
