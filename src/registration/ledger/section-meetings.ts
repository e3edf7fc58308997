import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/bulk';
import type { MeetingFact, SectionFacts } from '../rules';

/** What the rules need of a section, as its row has it. */
export interface FactsRow {
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

  /** The rows with their meetings, by section id. */
  async withFacts(manager: EntityManager, rows: readonly FactsRow[]): Promise<Map<string, SectionFacts>> {
    const stale = rows.filter(({ id, revision }) => this.known.get(id)?.revision !== revision);
    await this.load(manager, new Map(stale.map(({ id, revision }) => [id, revision])));
    const facts = new Map<string, SectionFacts>();
    // Many rows are of few sections.
    for (const row of rows) if (!facts.has(row.id)) facts.set(row.id, this.factsOf(row));
    return facts;
  }

  private factsOf({ id, courseId, department, number, section, type, creditsHundredths }: FactsRow): SectionFacts {
    const meetings = this.known.get(id)?.meetings ?? [];
    return { id, courseId, section, type, creditsHundredths, code: `${department} ${number}`, meetings };
  }

  private async load(manager: EntityManager, revisions: Map<string, number>): Promise<void> {
    if (revisions.size === 0) return;
    const rows = await manager.query<(MeetingFact & { sectionId: string })[]>(
      `SELECT section_id AS sectionId, day AS day, start_minute AS startMinute, end_minute AS endMinute
       FROM meeting WHERE section_id IN (${placeholders(revisions.size)}) ORDER BY section_id, position`,
      [...revisions.keys()],
    );
    for (const [id, revision] of revisions) this.known.set(id, { revision, meetings: [] });
    for (const { sectionId, ...meeting } of rows) this.known.get(sectionId)?.meetings.push(meeting);
  }
}
