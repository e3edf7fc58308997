import { Injectable } from '@nestjs/common';
import type { Section } from '../../contract/catalogue';
import type { Waitlist } from '../../contract/enrolments';
import { Database } from '../../database/database';
import { CatalogueService } from '../catalogue/catalogue.service';
import { effectivePolicy, readPolicy } from '../seats/seat-policy';

interface Row {
  sectionId: string;
  state: 'waiting' | 'offered';
  ahead: number | string;
  offerExpiresAt: number | string | null;
  joinedAt: number | string;
  sectionPolicy: string | null;
  termPolicy: string | null;
}

/** Where a student stands on waitlists. Reads only. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueService,
  ) {}

  /** In the order in which they were joined. */
  async waitlists(termId: string, studentId: string): Promise<Waitlist[]> {
    return this.database.read(async (manager) => {
      const rows = await manager.query<Row[]>(
        `SELECT e.section_id AS sectionId, e.state AS state, e.offer_expires_at AS offerExpiresAt,
                e.joined_at AS joinedAt, s.policy AS sectionPolicy, t.policy AS termPolicy,
                (SELECT COUNT(*) FROM waitlist_entry a
                 WHERE a.term_id = e.term_id AND a.section_id = e.section_id AND a.state = 'waiting'
                   AND a.number < e.number) AS ahead
         FROM waitlist_entry e
         JOIN section s ON s.id = e.section_id AND s.term_id = e.term_id JOIN term t ON t.id = e.term_id
         WHERE e.student_id = ? AND e.term_id = ? AND e.open = 1
         ORDER BY e.joined_at, e.section_id`,
        [studentId, termId],
      );
      const ids = rows.map(({ sectionId }) => sectionId);
      const sections = await this.catalogue.sections(manager, termId, ids);
      return rows.map((row) => toView(row, sections.get(row.sectionId) as Section));
    });
  }
}

const toView = (
  { state, ahead, offerExpiresAt, joinedAt, sectionPolicy, termPolicy }: Row,
  section: Section,
): Waitlist => ({
  ...{ section, state },
  position: state === 'waiting' ? Number(ahead) + 1 : 0,
  offerExpiresAt: offerExpiresAt === null ? null : Number(offerExpiresAt),
  joinedAt: Number(joinedAt),
  mode: effectivePolicy(readPolicy(sectionPolicy), readPolicy(termPolicy)).waitlist,
});
