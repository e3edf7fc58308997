import { Injectable, Logger } from '@nestjs/common';
import type { SearchChoices, SectionPage } from '../../contract/catalogue';
import { failure } from '../../common/text';
import { Database } from '../../database/database';
import { EnrolmentEvents } from '../ports';
import { sectionView } from './catalogue-views';
import { ReadLane } from './read-lane';
import type { HeardCount } from './search/seat-counts';
import { SearchedTerm } from './search/searched-term';
import type { SectionSearch, TermIndex } from './search/term-index';
import { TermWatch } from './term-watch';

export type { SectionSearch };

/** Searches between two turns of the event loop, each of some 0.1 ms. */
const AT_ONCE = 8;
/** A term that nobody has searched for so long is let go, ms. */
const LET_GO_MS = 3_600_000;

/**
 * The search through the sections of a term, in the memory of each pod: see decisions/11. It asks the database for a
 * term's sections when they have changed, and for its seats once a second at most, however many search.
 */
@Injectable()
export class CatalogueSearch {
  private readonly logger = new Logger('Search');
  private readonly terms = new Map<string, SearchedTerm>();
  private readonly lane = new ReadLane(() => performance.now(), AT_ONCE);

  constructor(
    private readonly database: Database,
    private readonly watch: TermWatch,
    events: EnrolmentEvents,
  ) {
    events.subscribe(({ termId, sections }) => this.take(termId, sections));
    watch.onLooked(() => this.followAll());
  }

  /**
   * @param signedIn whether somebody asks who is signed in, and so comes first
   * @throws DomainError `invalid_input`, `busy`, `database_unavailable`
   */
  async search(termId: string, search: SectionSearch, signedIn = false): Promise<SectionPage> {
    const { page, pageSize } = search;
    const index = await this.indexOf(termId, signedIn);
    if (!index) return { sections: [], total: 0, page, pageSize };
    const { sections, total } = await this.lane.run(signedIn, () => index.search(search));
    return {
      sections: sections.map(({ section, seats }) => sectionView(section, seats, section.meetings)),
      ...{ total, page, pageSize },
    };
  }

  /** @throws DomainError `busy`, `database_unavailable` */
  async choices(termId: string, signedIn = false): Promise<SearchChoices> {
    const index = await this.indexOf(termId, signedIn);
    if (!index) return { departments: [], credits: [] };
    return { departments: [...index.departments], credits: index.credits.map((hundredths) => hundredths / 100) };
  }

  /** Seats of the term have changed, here or on another pod. */
  take(termId: string, sections: readonly ({ id: string } & HeardCount)[]): void {
    this.terms.get(termId)?.take(sections);
  }

  /**
   * What an operator has just done to the term as a whole is seen by whoever searches on this pod from now on. Never
   * fails: where the database is away, it is seen later.
   */
  async renewed(termId: string): Promise<void> {
    await this.watch.look();
    await this.follow(termId);
  }

  private async indexOf(termId: string, signedIn: boolean): Promise<TermIndex | undefined> {
    const inForce = (): string | undefined => this.watch.revisionOf(termId);
    if (inForce() === undefined) {
      // It may have been made a moment ago; whoever asks for it again and again looks once a second.
      await this.lane.ask({ termId, text: 'known', signedIn }, () => this.watch.read());
      if (inForce() === undefined) return undefined;
    }
    let term = this.terms.get(termId);
    if (!term) {
      term = new SearchedTerm(this.database, termId, inForce);
      this.terms.set(termId, term);
    }
    return term.ready();
  }

  private followAll(): void {
    for (const [termId, term] of this.terms) {
      const isOver = this.watch.revisionOf(termId) === undefined;
      if (isOver || term.idleMs > LET_GO_MS) this.terms.delete(termId);
      else void this.follow(termId);
    }
  }

  private async follow(termId: string): Promise<void> {
    try {
      await this.terms.get(termId)?.follow();
    } catch (error) {
      this.logger.debug({ code: 'index_stale', term: termId, ...failure(error) }, 'A term is indexed later');
    }
  }
}
