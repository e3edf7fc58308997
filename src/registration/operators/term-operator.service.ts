import { Injectable, Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { ImportReport } from '../../contract/operate/terms';
import { failure } from '../../common/text';
import { Database } from '../../database/database';
import { CatalogueImport, type ImportOptions } from '../catalogue/import/catalogue-import';
import { CatalogueSearch } from '../catalogue/catalogue-search';
import { EnrolmentEvents, Outbox } from '../ports';
import { SeatLedger } from '../ledger/seat-ledger';
import { findTerm } from '../entities/term-row';
import type { ExportOptions } from './csv-export';
import { enrolmentCsv } from './enrolment-export';
import { waitlistCsv } from './waitlist-export';

/** What an operator does to a term as a whole. */
@Injectable()
export class TermOperatorService {
  private readonly logger = new Logger('Terms');

  constructor(
    private readonly database: Database,
    private readonly events: EnrolmentEvents,
    private readonly ledger: SeatLedger,
    private readonly outbox: Outbox,
    private readonly search: CatalogueSearch,
  ) {}

  /**
   * Imports a catalogue, as `CatalogueImport.run` does, tells everybody who watches of the seats, and gives new ones to
   * those who wait. When it resolves, this pod finds what it brought; the others do within a second or two.
   *
   * @throws DomainError `invalid_input`, `database_unavailable`
   */
  async import(termId: string, csv: string, options: ImportOptions, operator: string): Promise<ImportReport> {
    const { outbox } = this;
    const { report, seats, changes } = await CatalogueImport.run(this.database, csv, termId, { ...options, outbox });
    const sections = seats.map(({ kept: _, ...section }) => section);
    if (report.outcome === 'imported') this.events.publish({ termId, changes, sections });
    for (const { id, kept } of seats) if (kept > 0) this.promote(termId, id);
    if (report.outcome === 'imported') {
      this.logger.log({ code: 'term_imported', term: termId, operator, ...report.counts }, 'A term was imported');
      await this.search.renewed(termId);
    }
    return report;
  }

  /**
   * The term's enrolments as CSV.
   *
   * @throws DomainError `not_found` when there is no such term, `database_unavailable`
   */
  async enrolments(termId: string, options: ExportOptions): Promise<Readable> {
    await this.check(termId);
    return enrolmentCsv(this.database, termId, options);
  }

  /**
   * The term's waitlists as CSV.
   *
   * @throws DomainError `not_found` when there is no such term, `database_unavailable`
   */
  async waitlists(termId: string, options: ExportOptions): Promise<Readable> {
    await this.check(termId);
    return waitlistCsv(this.database, termId, options);
  }

  private async check(termId: string): Promise<void> {
    await this.database.read((manager) => findTerm(manager, termId));
  }

  /** Does not keep the operator waiting; what fails here is left to the sweep, which finds the seats by their holds. */
  private promote(termId: string, sectionId: string): void {
    this.ledger.promote(termId, sectionId).catch((error: unknown) => {
      const fields = { code: 'promotion_deferred', term: termId, section: sectionId, ...failure(error) };
      this.logger.warn(fields, 'New seats wait for the sweep');
    });
  }
}
