import { createHash } from 'node:crypto';
import { In } from 'typeorm';
import type { Database } from '../../../src/database/database';
import { StudentEntity } from '../../../src/identity/student.entity';
import { CatalogueImport } from '../../../src/registration/catalogue/import/catalogue-import';
import { DEMO_TERM, demoCatalogue, ensureDemoTerm } from '../../../src/registration/catalogue/import/demo-term';
import { registrationEntities } from '../../../src/registration/entities';
import { MeetingEntity } from '../../../src/registration/entities/meeting.entity';
import { SectionEntity } from '../../../src/registration/entities/section.entity';
import { TermEntity } from '../../../src/registration/entities/term.entity';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { makeSearch } from './support';

const COUNTS = { courses: 445, sections: 877, meetings: 1_639, closed: 90, withoutTimes: 152 };

/** The real file with one section changed and another one gone. */
const changedCatalogue = async (): Promise<string> =>
  (await demoCatalogue())
    .replace(
      '"12","","WAC","","","","Rachael Norton","","S","200","16"',
      '"12","","WAC","","","","Emmy Noether","","S","200","4"',
    )
    .replace(/^"0000162493".*\n/m, '');

describe.each(TESTED_DATABASES)('the import of a term on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([...registrationEntities, StudentEntity]);
    await database.migrate();
  });

  afterAll(() => home.remove());

  const rowsIn = (table: string): Promise<number> =>
    database.read(async (manager) => {
      const [row] = await manager.query<{ count: string | number }[]>(`SELECT COUNT(*) AS count FROM ${table}`);
      return Number(row?.count);
    });

  it('says in a dry run what it would do, and does nothing', async () => {
    const { report } = await CatalogueImport.run(database, await demoCatalogue(), 'dry', { dryRun: true });
    expect(report).toMatchObject({
      termId: 'dry',
      outcome: 'dry_run',
      file: COUNTS,
      counts: { added: 877, changed: 0, missing: 0 },
      problems: [],
    });
    expect(await rowsIn('section')).toBe(0);
    expect(await rowsIn('term')).toBe(0);
  });

  it('brings in the whole real term once, however many pods start at the same moment', async () => {
    const pods = await Promise.all([home.open(registrationEntities), home.open(registrationEntities)]);
    const reports = await Promise.all([database, ...pods].map(ensureDemoTerm));
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['imported', 'unchanged', 'unchanged']);
    expect(reports[0]).toMatchObject({ file: COUNTS, problems: [] });
    expect(await Promise.all(['course', 'section', 'meeting'].map(rowsIn))).toEqual([445, 877, 1_639]);
  });

  it('has nothing to change when the same file comes again', async () => {
    const { report, seats } = await CatalogueImport.run(database, await demoCatalogue(), DEMO_TERM.id);
    expect(report).toMatchObject({ outcome: 'imported', counts: { added: 0, changed: 0, missing: 0 }, problems: [] });
    expect(seats).toEqual([]);
  });

  it.each(['MATH252', 'math-252', '0000162389', '252 b norton'])('is searched by %s', async (query) => {
    const { sections } = await makeSearch(database).search(DEMO_TERM.id, { query, page: 1, pageSize: 20 });
    expect(sections.map(({ id }) => id)).toContain('0000162389');
  });

  it('is searched by names without their accents', async () => {
    const search = (query: string) => makeSearch(database).search(DEMO_TERM.id, { query, page: 1, pageSize: 20 });
    const [plain, accented] = await Promise.all(['payan', 'Payán'].map(search));
    expect(plain?.total).toBeGreaterThan(0);
    expect(plain).toEqual(accented);
  });

  it('takes the exporter’s words for nothing as nothing', async () => {
    const words = ['False', 'None', 'nan', 'null'];
    const odd = await database.read((manager) =>
      manager.findBy(SectionEntity, [{ prerequisites: In(words) }, { notes: In(words) }, { title: In(words) }]),
    );
    expect(odd).toEqual([]);
  });

  it('changes what the file changes, says what, and never sets a capacity below what is taken', async () => {
    const id = '0000162389';
    await database.write((manager) => manager.update(SectionEntity, { id }, { taken: 10 }));
    const csv = await changedCatalogue();
    const planned = await CatalogueImport.run(database, csv, DEMO_TERM.id, { dryRun: true });
    const { report, seats } = await CatalogueImport.run(database, csv, DEMO_TERM.id);
    expect(report).toEqual({ ...planned.report, outcome: 'imported' });
    expect(report.changed).toEqual([
      {
        ...{ id, name: 'MATH 252 B', title: 'Abstract Algebra I' },
        changes: [
          { field: 'instructors', before: 'Rachael Norton', after: 'Emmy Noether' },
          { field: 'capacity', before: 16, after: 10 },
        ],
      },
    ]);
    expect(report.belowTaken).toEqual([{ sectionId: id, line: 3, wanted: 4, set: 10 }]);
    expect(report.missing).toEqual([expect.objectContaining({ id: '0000162493', taken: 0 })]);
    expect(report.problems).toEqual([]);
    expect(seats).toEqual([{ id, left: 0, capacity: 10, version: 2, kept: 0 }]);
    const section = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id }));
    expect(section).toMatchObject({ instructors: 'Emmy Noether', capacity: 10, taken: 10, version: 2, revision: 1 });
  });

  it('closes what the file no longer has only when asked to, and keeps the seats that are taken', async () => {
    const id = '0000162493';
    await database.write((manager) => manager.update(SectionEntity, { id }, { taken: 3 }));
    const before = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id }));
    expect(before.capacity).toBeGreaterThan(3);
    const { report, seats } = await CatalogueImport.run(database, await changedCatalogue(), DEMO_TERM.id, {
      closeMissing: true,
    });
    expect(report.missing).toEqual([expect.objectContaining({ id, capacity: before.capacity, newCapacity: 0 })]);
    expect(seats).toEqual([{ id, left: 0, capacity: 0, version: before.version + 1, kept: 0 }]);
    const after = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id }));
    expect(after).toEqual({ ...before, capacity: 0, overrides: 3, version: before.version + 1 });
  });

  it('closes nothing by a file of which a row cannot be read', async () => {
    const broken = (await changedCatalogue()).replace(
      '"Emmy Noether","","S","200","4"',
      '"Emmy Noether","","S","200","x"',
    );
    const run = (dryRun: boolean) =>
      CatalogueImport.run(database, broken, DEMO_TERM.id, { closeMissing: true, dryRun });
    const problems = [expect.objectContaining({ line: 3 })];
    for (const dryRun of [true, false]) {
      await expect(run(dryRun)).rejects.toMatchObject({ code: 'invalid_input', details: { problems } });
    }
  });

  it('brings in the next term, which numbers its sections like the one before, and leaves that one alone', async () => {
    const of = (termId: string) =>
      database.read((manager) => manager.find(SectionEntity, { where: { termId }, order: { id: 'ASC' } }));
    const before = await of(DEMO_TERM.id);
    const { report } = await CatalogueImport.run(database, await demoCatalogue(), 'next');
    expect(report).toMatchObject({ counts: { added: 877, changed: 0, missing: 0 }, problems: [] });
    expect(await of(DEMO_TERM.id)).toEqual(before);
    expect(await of('next')).toHaveLength(877);
    expect(await rowsIn('meeting')).toBe(2 * 1_639);
    const again = await CatalogueImport.run(database, await demoCatalogue(), 'next');
    expect(again.report.counts).toEqual({ added: 0, changed: 0, missing: 0 });
  });

  it.each([true, false])(
    'refuses a file with hardly any section of the term, unless forced (dry run: %s)',
    async (dryRun) => {
      // As a spreadsheet program leaves the ids.
      const csv = (await demoCatalogue()).replace(/^"0+/gm, '"');
      await expect(CatalogueImport.run(database, csv, 'next', { dryRun })).rejects.toMatchObject({
        code: 'invalid_input',
        details: { existing: 877, missing: 877, added: 877 },
      });
      const { report } = await CatalogueImport.run(database, csv, 'next', { dryRun: true, force: true });
      expect(report.counts).toEqual({ added: 877, changed: 0, missing: 877 });
    },
  );

  it('takes what a newer version reads in the same file, and leaves the capacities that were set since', async () => {
    const of = () => database.read((manager) => manager.find(MeetingEntity, { where: { termId: 'old', half: 2 } }));
    const ensure = async () => CatalogueImport.run(database, await demoCatalogue(), 'old', { onlyNewFile: true });
    await ensure();
    const halves = await of();
    expect(halves.length).toBeGreaterThan(0);
    const section = { termId: 'old', id: halves[0]?.sectionId ?? '' };
    const contentHash = createHash('sha256')
      .update(await demoCatalogue())
      .digest('hex');
    await database.write(async (manager) => {
      await manager.update(MeetingEntity, { termId: 'old' }, { half: null });
      await manager.update(SectionEntity, section, { capacity: 77 });
      await manager.update(TermEntity, { id: 'old' }, { contentHash });
    });
    expect((await ensure()).report.outcome).toBe('imported');
    expect(await of()).toEqual(halves);
    expect(await database.read((manager) => manager.findOneBy(SectionEntity, section))).toMatchObject({ capacity: 77 });
    expect((await ensure()).report.outcome).toBe('unchanged');
  });

  it.each([true, false])('fails when no row is a section, and says why of each (dry run: %s)', async (dryRun) => {
    const header = (await demoCatalogue()).split('\n')[0] ?? '';
    const csv = `${header}\n${header.replace(/[^,]+/g, '"x"')}\n`;
    await expect(CatalogueImport.run(database, csv, 'nothing', { dryRun })).rejects.toMatchObject({
      code: 'invalid_input',
      details: {
        problems: ['max', 'credits', 'a half'].map((rule) => ({
          line: 2,
          rule: expect.stringContaining(rule) as string,
        })),
      },
    });
  });
});
