import type { EntityManager } from 'typeorm';
import type { Database, ReadOptions } from '../../../src/database/database';
import { CatalogueService } from '../../../src/registration/catalogue/catalogue.service';
import { EnrolmentEvents } from '../../../src/registration/ports';
import { type Home, makeHome } from '../database/support';
import { ENTITIES, makeSearch, makeTerm, ShiftedDatabase, TERM } from './support';

/** Counts the reads that are under way at once. */
class WatchedDatabase extends ShiftedDatabase {
  reads = 0;
  most = 0;
  private running = 0;

  override async read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T> {
    this.reads += 1;
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      return await super.read(work, options);
    } finally {
      this.running -= 1;
    }
  }
}

const SECTIONS = 250;

describe('what anybody may ask the catalogue for', () => {
  let home: Home;
  let inner: Database;
  let database: WatchedDatabase;
  let catalogue: CatalogueService;
  const events = new EnrolmentEvents();

  beforeAll(async () => {
    home = await makeHome('sqlite');
    inner = await home.open(ENTITIES);
    await makeTerm(
      inner,
      Array.from({ length: SECTIONS }, (_, index) => ({ id: `x${index}`, capacity: 1 })),
    );
  });

  afterAll(() => home.remove());

  beforeEach(() => {
    database = new WatchedDatabase(inner);
    catalogue = new CatalogueService(database, events);
  });

  it('is read two at a time, however many ask for sections and terms at once', async () => {
    const found = await Promise.all([
      ...Array.from({ length: SECTIONS }, (_, index) => catalogue.section(TERM, `x${index}`)),
      catalogue.terms(),
    ]);
    expect(found).toHaveLength(SECTIONS + 1);
    expect(database.most).toBe(2);
  });

  it('is searched in memory, however many search for however many different things', async () => {
    const search = makeSearch(database);
    const ask = (index: number) => search.search(TERM, { query: `x${index}`, page: 1, pageSize: 1 });
    const pages = await Promise.all(Array.from({ length: SECTIONS }, (_, index) => ask(index)));
    expect(pages.every(({ total }) => total > 0)).toBe(true);
    // The terms, the sections with their meetings, and the seats.
    expect(database.reads).toBeLessThan(10);
    expect(database.most).toBe(1);
    await search.choices(TERM);
    const { reads } = database;
    for (let index = 0; index < SECTIONS; index += 1) await ask(index);
    // Seats are counted again once a second.
    expect(database.reads - reads).toBeLessThan(SECTIONS / 10);
  });

  it('is refused for a while where too many wait', async () => {
    const asked = Array.from({ length: 2 * SECTIONS }, (_, index) => catalogue.section(TERM, `nothing${index}`));
    const codes = (await Promise.allSettled(asked)).map((end) =>
      end.status === 'rejected' ? (end.reason as { code: string }).code : 'found',
    );
    expect(new Set(codes)).toEqual(new Set(['section_not_found', 'busy']));
  });

  it('is read once for all who ask, and again when the term has changed', async () => {
    const askAll = () =>
      Promise.all([
        ...Array.from({ length: 50 }, () => catalogue.section(TERM, 'x1')),
        ...Array.from({ length: 50 }, () => catalogue.terms()),
      ]);
    await askAll();
    await askAll();
    expect(database.reads).toBe(2);
    events.publish({ termId: TERM, changes: [], sections: [] });
    await askAll();
    expect(database.reads).toBe(4);
  });
});
