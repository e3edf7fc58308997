import type { EntityManager } from 'typeorm';
import { pairsIn } from '../../database/bulk';
import type { MeetingFact, SectionFacts } from '../rules';
import { refOf, sectionKey, sectionPairs, type SectionRef } from '../section-ref';

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

/** The meeting times of sections. They change hardly ever, and a change raises the section's revision, so they are kept. */
export class SectionMeetings {
  private readonly known = new Map<string, { revision: number; meetings: MeetingFact[] }>();

  /** The rows with their meetings, by section key. */
  async withFacts(manager: EntityManager, rows: readonly FactsRow[]): Promise<Map<string, SectionFacts>> {
    // Many rows are of few sections.
    const sections = new Map(rows.map((row) => [keyOf(row), row]));
    const stale = [...sections].filter(([key, { revision }]) => this.known.get(key)?.revision !== revision);
    await this.load(
      manager,
      stale.map(([, row]) => row),
    );
    return new Map([...sections].map(([key, row]) => [key, this.factsOf(row, key)]));
  }

  private factsOf(row: FactsRow, key: string): SectionFacts {
    const { id, courseId, department, number, section, type, creditsHundredths } = row;
    const meetings = this.known.get(key)?.meetings ?? [];
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
    for (const row of sections) this.known.set(keyOf(row), { revision: row.revision, meetings: [] });
    for (const { termId, sectionId, ...meeting } of rows) {
      this.known.get(sectionKey({ termId, sectionId }))?.meetings.push(meeting);
    }
  }
}

const keyOf = (row: FactsRow): string => sectionKey(refOf(row));
