import type { EntityManager } from 'typeorm';
import { pairsIn } from '../../database/bulk';
import type { MeetingFact, SectionFacts } from '../seats/rules';
import { refOf, sectionKey, sectionPairs, type SectionRef } from '../seats/section-ref';

/** What the rules need of a section, as its row has it. */
export interface FactsRow {
  termId: string;
  id: string;
  courseId: string;
  department: string;
  number: string;
  section: string;
  type: string;
  creditsHundredths: number;
  revision: number;
}

/** Of one revision of a section. */
interface Meetings {
  revision: number;
  meetings: MeetingFact[];
}

/**
 * The meeting times of sections. They change hardly ever, and a change raises the section's revision, so they are kept.
 * What a transaction has read is kept once that is committed: on SQLite it sees what others write that will be committed
 * with it, or undone with it, and then another change may get the same revision.
 */
export class SectionMeetings {
  private readonly known = new Map<string, Meetings>();

  /** For one transaction. */
  reading(): MeetingsReading {
    return new MeetingsReading(this.known);
  }
}

/** Meeting times as one transaction sees them. */
export class MeetingsReading {
  private readonly own = new Map<string, Meetings>();

  constructor(private readonly known: Map<string, Meetings>) {}

  /** The rows with their meetings, by section key. */
  async withFacts(manager: EntityManager, rows: readonly FactsRow[]): Promise<Map<string, SectionFacts>> {
    // Many rows are of few sections.
    const sections = new Map(rows.map((row) => [keyOf(row), row]));
    const stale: FactsRow[] = [];
    for (const [key, row] of sections) {
      const found = [this.own.get(key), this.known.get(key)].find((one) => one?.revision === row.revision);
      if (found) this.own.set(key, found);
      else stale.push(row);
    }
    await this.load(manager, stale);
    return new Map([...sections].map(([key, row]) => [key, this.factsOf(row, key)]));
  }

  /** The transaction is committed. */
  keep(): void {
    for (const [key, meetings] of this.own) this.known.set(key, meetings);
  }

  private factsOf(row: FactsRow, key: string): SectionFacts {
    const { id, courseId, department, number, section, type, creditsHundredths } = row;
    const meetings = this.own.get(key)?.meetings ?? [];
    return { id, courseId, section, type, creditsHundredths, code: `${department} ${number}`, meetings };
  }

  private async load(manager: EntityManager, sections: readonly FactsRow[]): Promise<void> {
    if (sections.length === 0) return;
    const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(sections.map(refOf)));
    const rows = await manager.query<(MeetingFact & SectionRef)[]>(
      `SELECT term_id AS termId, section_id AS sectionId, day AS day, start_minute AS startMinute,
              end_minute AS endMinute, first_day AS firstDay, last_day AS lastDay, half AS half
       FROM meeting WHERE ${sql} ORDER BY term_id, section_id, position`,
      values,
    );
    for (const row of sections) this.own.set(keyOf(row), { revision: row.revision, meetings: [] });
    for (const { termId, sectionId, ...meeting } of rows) {
      this.own.get(sectionKey({ termId, sectionId }))?.meetings.push(meeting);
    }
  }
}

const keyOf = (row: FactsRow): string => sectionKey(refOf(row));
