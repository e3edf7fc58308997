import { Logger } from '@nestjs/common';
import { failure } from '../../../common/text';
import type { Database } from '../../../database/database';
import type { HeardCount } from './seat-counts';
import { TermIndex } from './term-index';
import { readCounts, readSections } from './term-reader';

/** How old counts of seats may become before they are read again, behind the back of who searches, ms. */
const COUNTS_FRESH_MS = 1_000;
/** How old they may be shown, ms: older ones are waited for. */
const COUNTS_STALE_MS = 3_000;

/** A term that is searched on this pod: its index, and who keeps that true. */
export class SearchedTerm {
  private readonly logger = new Logger('Search');
  private index: TermIndex | undefined;
  /** Of the index. */
  private revision: string | undefined;
  private building: Promise<void> | undefined;
  private counting: Promise<void> | undefined;
  private countedAt = Number.NEGATIVE_INFINITY;
  private askedAt: number;

  /** @param inForce the revision of the catalogue that is in force, as far as this pod knows */
  constructor(
    private readonly database: Database,
    private readonly termId: string,
    private readonly inForce: () => string | undefined,
    /** ms that only go forward. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.askedAt = now();
  }

  /** How long nobody has searched it, ms. */
  get idleMs(): number {
    return this.now() - this.askedAt;
  }

  /**
   * The index, with counts of its seats that are hardly older than a second. The last one answers while a newer one is
   * made, and also while the database is away.
   *
   * @throws DomainError `database_unavailable` when there is none yet
   */
  async ready(): Promise<TermIndex> {
    this.askedAt = this.now();
    const index = this.index ?? (await this.follow());
    const age = this.now() - this.countedAt;
    if (age < COUNTS_FRESH_MS) return index;
    const counted = this.count();
    if (age >= COUNTS_STALE_MS) await counted;
    return this.index ?? index;
  }

  /** The index of the catalogue that is in force; it is made anew when that is another one. */
  async follow(): Promise<TermIndex> {
    for (;;) {
      const revision = this.inForce();
      if (this.index && (revision === undefined || revision === this.revision)) return this.index;
      this.building ??= this.build(revision).finally(() => (this.building = undefined));
      await this.building;
    }
  }

  /** This pod, or another one, has changed seats. */
  take(sections: readonly ({ id: string } & HeardCount)[]): void {
    for (const section of sections) this.takeInto(this.index, section);
  }

  private async build(revision: string | undefined): Promise<void> {
    const started = this.now();
    const index = await TermIndex.of(await readSections(this.database, this.termId));
    await this.countInto(index);
    this.index = index;
    this.revision = revision;
    const fields = { code: 'term_indexed', term: this.termId, ms: Math.round(this.now() - started) };
    this.logger.debug(fields, 'A term can be searched as its catalogue is now');
  }

  private count(): Promise<void> {
    const { index } = this;
    this.counting ??= (index ? this.countInto(index) : Promise.resolve())
      .catch((error: unknown) => {
        // Said by whoever needs the database; students see what was known.
        this.logger.debug({ code: 'counts_stale', ...failure(error) }, 'Seats are counted later');
      })
      .finally(() => (this.counting = undefined));
    return this.counting;
  }

  private async countInto(index: TermIndex): Promise<void> {
    const at = this.now();
    for await (const counts of readCounts(this.database, this.termId)) {
      for (const count of counts) this.takeInto(index, count);
    }
    this.countedAt = at;
  }

  private takeInto(index: TermIndex | undefined, { id, ...count }: { id: string } & HeardCount): void {
    const place = index?.placeOf(id);
    if (place !== undefined) index?.seats.take(place, count);
  }
}
