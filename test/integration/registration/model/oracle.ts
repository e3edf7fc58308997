/**
 * What a careful clerk with one sheet of paper per section would do, one request after another. Written from the rules
 * alone, without the ledger's code, so that the two can be held against each other.
 */

export interface ModelSection {
  id: string;
  capacity: number;
  course: string;
  /** Sections of one slot meet at the same time. */
  slot: number;
  mode: 'promote' | 'offer';
  /** How long a seat that is given back is kept, seconds; 0 = not at all. */
  releaseSeconds: number;
}

export interface ModelRequest {
  kind:
    | 'commit'
    | 'drop'
    | 'swap'
    | 'waitlist_join'
    | 'waitlist_leave'
    | 'waitlist_accept'
    | 'override'
    | 'unenrol'
    | 'configure'
    | 'promote';
  studentId: string;
  sectionIds: readonly string[];
  idempotencyKey: string;
  capacity?: number;
  force?: boolean;
}

/** What a promotion of the real ledger did: who got what, and how many seats it had to leave to its next turn. */
export interface PromotionSeen {
  given: string[];
  seatsLeft: number;
}

interface Turn {
  studentId: string;
  state: 'waiting' | 'offered';
  expires: number;
}

interface Kept {
  reason: 'promotion' | 'offer' | 'release';
  studentId?: string;
  due: number;
}

interface Sheet extends ModelSection {
  students: Set<string>;
  overrides: number;
  list: Turn[];
  kept: Kept[];
}

/** Every section counts 3 credits of 6. */
const MOST_SECTIONS = 2;
export const OFFER_MS = 60_000;

const CHANGES = new Set(['enrolled', 'dropped', 'waitlisted', 'left', 'changed']);

export class Oracle {
  readonly sheets: Map<string, Sheet>;
  /** What every key that changed something was answered; a promotion, whose answer says nothing, whatever it did. */
  readonly answers = new Map<string, { asked: string; outcomes: string[] }>();
  /** What every key was refused with; a refusal is forgotten, and who asks again may hear something else. */
  readonly refusals = new Map<string, string[][]>();
  /** What the real ledger did and the clerk would not have. */
  readonly objections: string[] = [];

  constructor(sections: readonly ModelSection[]) {
    this.sheets = new Map(
      sections.map((section) => [
        section.id,
        { ...section, students: new Set<string>(), overrides: 0, list: [], kept: [] },
      ]),
    );
  }

  /** The outcomes in short: what happened per section, or the code of its refusal. */
  answer(request: ModelRequest, now: number, seen?: PromotionSeen): string[] {
    const key = `${request.studentId} ${request.idempotencyKey}`;
    const asked = `${request.kind} ${request.sectionIds.join()}`;
    const before = this.answers.get(key);
    if (before) return before.asked === asked ? before.outcomes : ['request_mismatch'];
    const outcomes = this.decide(request, now, seen);
    const isKept = request.kind === 'promote' || outcomes.some((outcome) => CHANGES.has(outcome));
    if (isKept) this.answers.set(key, { asked, outcomes });
    else this.refusals.set(key, [...(this.refusals.get(key) ?? []), outcomes]);
    return outcomes;
  }

  /** Whether a request may have been told this. */
  hasTold(key: string, outcomes: string[]): boolean {
    const told = [this.answers.get(key)?.outcomes, ...(this.refusals.get(key) ?? [])];
    return told.some((one) => JSON.stringify(one) === JSON.stringify(outcomes));
  }

  private decide(request: ModelRequest, now: number, seen?: PromotionSeen): string[] {
    const { kind, studentId, sectionIds } = request;
    const each = (act: (sheet: Sheet) => string): string[] =>
      sectionIds.map((id) => {
        const sheet = this.sheets.get(id);
        return sheet ? act(sheet) : 'section_not_found';
      });
    switch (kind) {
      case 'commit':
        return each((sheet) => this.take(sheet, studentId, now));
      case 'drop':
      case 'unenrol':
        return each((sheet) => this.drop(sheet, studentId, now));
      case 'swap':
        return this.swap(studentId, sectionIds as [string, string], now);
      case 'waitlist_join':
        return each((sheet) => this.join(sheet, studentId));
      case 'waitlist_leave':
        return each((sheet) => this.leave(sheet, studentId, now));
      case 'waitlist_accept':
        return each((sheet) => this.accept(sheet, studentId, now));
      case 'override':
        return each((sheet) => this.override(sheet, studentId));
      case 'configure':
        return each((sheet) => this.configure(sheet, request.capacity ?? sheet.capacity, request.force ?? false, now));
      case 'promote':
        each((sheet) => this.promote(sheet, now, seen ?? { given: [], seatsLeft: 0 }));
        return [];
    }
  }

  private take(sheet: Sheet, studentId: string, now: number, without?: string): string {
    const offer = sheet.kept.find((kept) => kept.reason === 'offer' && kept.studentId === studentId);
    const offered = left(sheet) === 0 && offer !== undefined && offer.due > now;
    const problem = this.duplicate(sheet, studentId) ?? closed(sheet) ?? this.timetable(sheet, studentId, without);
    if (problem) return problem;
    if (left(sheet) === 0 && !offered) return 'section_full';
    if (offer) remove(sheet.kept, offer);
    this.enter(sheet, studentId);
    return 'enrolled';
  }

  private drop(sheet: Sheet, studentId: string, now: number): string {
    if (!sheet.students.has(studentId)) return 'not_enrolled';
    this.comesFree(sheet, now, () => sheet.students.delete(studentId));
    return 'dropped';
  }

  private swap(studentId: string, [dropId, takeId]: [string, string], now: number): string[] {
    const given = this.sheets.get(dropId);
    const taken = this.sheets.get(takeId);
    if (!given?.students.has(studentId)) return ['not_enrolled', 'not_enrolled'];
    if (!taken) return ['kept', 'section_not_found'];
    // Taken first on paper; the two are different sections, so the order changes nothing.
    const outcome = this.take(taken, studentId, now, dropId);
    return outcome === 'enrolled' ? [this.drop(given, studentId, now), outcome] : ['kept', outcome];
  }

  private join(sheet: Sheet, studentId: string): string {
    if (turnOf(sheet, studentId)) return 'already_waitlisted';
    const problem = this.duplicate(sheet, studentId) ?? closed(sheet) ?? this.timetable(sheet, studentId);
    if (problem) return problem;
    if (left(sheet) > 0) return 'waitlist_not_needed';
    sheet.list.push({ studentId, state: 'waiting', expires: 0 });
    return 'waitlisted';
  }

  private leave(sheet: Sheet, studentId: string, now: number): string {
    const turn = turnOf(sheet, studentId);
    if (!turn) return 'not_waitlisted';
    this.endTurn(sheet, turn, now);
    return 'left';
  }

  private accept(sheet: Sheet, studentId: string, now: number): string {
    const turn = turnOf(sheet, studentId);
    const offer = sheet.kept.find((kept) => kept.reason === 'offer' && kept.studentId === studentId);
    if (!turn) return 'not_waitlisted';
    if (turn.state !== 'offered' || !offer) return 'no_offer';
    if (turn.expires <= now) return 'offer_expired';
    const problem = this.duplicate(sheet, studentId) ?? closed(sheet) ?? this.timetable(sheet, studentId);
    if (problem) return problem;
    remove(sheet.kept, offer);
    this.enter(sheet, studentId);
    return 'enrolled';
  }

  private override(sheet: Sheet, studentId: string): string {
    const problem = this.duplicate(sheet, studentId) ?? this.timetable(sheet, studentId);
    if (problem) return problem;
    const offer = sheet.kept.find((kept) => kept.reason === 'offer' && kept.studentId === studentId);
    if (offer) remove(sheet.kept, offer);
    else if (left(sheet) === 0) sheet.overrides += 1;
    this.enter(sheet, studentId);
    return 'enrolled';
  }

  private configure(sheet: Sheet, capacity: number, force: boolean, now: number): string {
    const inUse = sheet.students.size + sheet.kept.length;
    const lowest = inUse - sheet.overrides;
    if (capacity < lowest && capacity < sheet.capacity && !force) return 'capacity_below_taken';
    if (capacity === sheet.capacity) return 'changed';
    if (capacity === 0) {
      Object.assign(sheet, { capacity, overrides: sheet.students.size, list: [], kept: [] });
      return 'changed';
    }
    const before = left(sheet);
    sheet.capacity = capacity;
    sheet.overrides = Math.max(0, inUse - capacity);
    const promised = sheet.kept.filter(({ reason }) => reason !== 'offer').length;
    const waiting = sheet.list.filter(({ state }) => state === 'waiting').length;
    const kept = Math.min(left(sheet) - before, waiting - promised);
    for (let seat = 0; seat < kept; seat += 1) sheet.kept.push({ reason: 'release', due: now });
    return 'changed';
  }

  private promote(sheet: Sheet, now: number, seen: PromotionSeen): string {
    for (const turn of sheet.list.filter(({ state, expires }) => state === 'offered' && expires <= now)) {
      this.endTurn(sheet, turn, now);
    }
    const ripe = (): Kept[] =>
      [...sheet.kept.filter(({ reason }) => reason === 'promotion')].concat(
        sheet.kept.filter(({ reason, due }) => reason === 'release' && due <= now),
      );
    if (sheet.capacity === 0) {
      for (const kept of ripe()) this.letGo(sheet, kept);
      return '';
    }
    for (const kept of ripe()) if (sheet.overrides > 0) this.letGo(sheet, kept);
    const given = [...seen.given];
    for (const turn of sheet.list.filter(({ state }) => state === 'waiting')) {
      const [seat] = ripe();
      if (!seat || (given.length === 0 && seen.seatsLeft > 0)) break;
      if (this.duplicate(sheet, turn.studentId) ?? this.timetable(sheet, turn.studentId)) continue;
      const next = given.shift();
      if (next !== turn.studentId) this.objections.push(`${sheet.id}: ${next} got the seat of ${turn.studentId}`);
      remove(sheet.kept, seat);
      if (sheet.mode === 'promote') {
        this.enter(sheet, turn.studentId);
      } else {
        Object.assign(turn, { state: 'offered', expires: now + OFFER_MS });
        sheet.kept.push({ reason: 'offer', studentId: turn.studentId, due: now + OFFER_MS });
      }
    }
    if (given.length > 0) this.objections.push(`${sheet.id}: ${given.join()} got a seat that was not theirs`);
    if (ripe().length !== seen.seatsLeft && seen.seatsLeft > 0) {
      this.objections.push(`${sheet.id}: ${seen.seatsLeft} seats left to the next turn, and not ${ripe().length}`);
    }
    if (seen.seatsLeft > 0) return '';
    for (const seat of ripe()) {
      this.letGo(sheet, seat);
      if (seat.reason === 'promotion') this.release(sheet, now);
    }
    return '';
  }

  /** A seat that a change makes free goes to those who wait, or by the policy. */
  private comesFree(sheet: Sheet, now: number, change: () => void): void {
    const before = left(sheet);
    change();
    shrink(sheet);
    if (left(sheet) === before) return;
    const waits = sheet.list.some(({ state }) => state === 'waiting');
    if (waits) sheet.kept.push({ reason: 'promotion', due: now });
    else this.release(sheet, now);
  }

  private release(sheet: Sheet, now: number): void {
    if (sheet.releaseSeconds === 0 || left(sheet) === 0) return;
    sheet.kept.push({ reason: 'release', due: now + sheet.releaseSeconds * 1_000 });
  }

  private letGo(sheet: Sheet, kept: Kept): void {
    remove(sheet.kept, kept);
    shrink(sheet);
  }

  private endTurn(sheet: Sheet, turn: Turn, now: number): void {
    remove(sheet.list, turn);
    const offer = sheet.kept.find((kept) => kept.reason === 'offer' && kept.studentId === turn.studentId);
    if (offer) this.comesFree(sheet, now, () => remove(sheet.kept, offer));
  }

  private enter(sheet: Sheet, studentId: string): void {
    sheet.students.add(studentId);
    const turn = turnOf(sheet, studentId);
    if (turn) remove(sheet.list, turn);
  }

  private duplicate(sheet: Sheet, studentId: string): string | undefined {
    return sheet.students.has(studentId) ? 'already_enrolled' : undefined;
  }

  private timetable(sheet: Sheet, studentId: string, without?: string): string | undefined {
    const others = [...this.sheets.values()].filter(({ id, students }) => students.has(studentId) && id !== without);
    if (others.some(({ course }) => course === sheet.course)) return 'same_course';
    if (others.some(({ slot }) => slot === sheet.slot)) return 'time_conflict';
    return others.length >= MOST_SECTIONS ? 'credit_limit' : undefined;
  }
}

const left = ({ capacity, overrides, students, kept }: Sheet): number =>
  Math.max(0, capacity + overrides - students.size - kept.length);

const closed = ({ capacity }: Sheet): string | undefined => (capacity === 0 ? 'section_closed' : undefined);

const turnOf = ({ list }: Sheet, studentId: string): Turn | undefined =>
  list.find((turn) => turn.studentId === studentId);

/** Overrides are there only as long as they are in use. */
function shrink(sheet: Sheet): void {
  sheet.overrides = Math.max(0, Math.min(sheet.overrides, sheet.students.size + sheet.kept.length - sheet.capacity));
}

function remove<T>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}
