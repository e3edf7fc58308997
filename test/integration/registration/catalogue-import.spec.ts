import type { Database } from '../../../src/database/database';
import { StudentEntity } from '../../../src/identity/student.entity';
import { CatalogueImport } from '../../../src/registration/catalogue-import';
import { DEMO_TERM, demoCatalogue, ensureDemoTerm } from '../../../src/registration/demo-term';
import { registrationEntities } from '../../../src/registration/entities';
import { SectionEntity } from '../../../src/registration/entities/section.entity';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';

const COUNTS = { courses: 445, sections: 877, meetings: 1_639, closed: 90, withoutTimes: 152 };

describe.each(TESTED_DATABASES)('the import of a term on %s', (kind) => {
  let home: Home;
  let database: Database;

  beforeAll(async () => {
    home = await makeHome(kind);
    database = await home.open([...registrationEntities, StudentEntity]);
    await database.migrate();
  }, 120_000);

  afterAll(() => home.remove(), 60_000);

  const rowsIn = (table: string): Promise<number> =>
    database.read(async (manager) => {
      const [row] = await manager.query<{ count: string | number }[]>(`SELECT COUNT(*) AS count FROM ${table}`);
      return Number(row?.count);
    });

  it('says in a dry run what it would do, and does nothing', async () => {
    const report = await CatalogueImport.run(database, await demoCatalogue(), 'dry', { dryRun: true });
    expect(report).toEqual({ termId: 'dry', outcome: 'dry_run', ...COUNTS, added: 877, changed: 0, problems: [] });
    expect(await rowsIn('section')).toBe(0);
    expect(await rowsIn('term')).toBe(0);
  });

  it('brings in the whole real term once, however many pods start at the same moment', async () => {
    const pods = await Promise.all([home.open(registrationEntities), home.open(registrationEntities)]);
    const reports = await Promise.all([database, ...pods].map(ensureDemoTerm));
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['imported', 'unchanged', 'unchanged']);
    expect(reports[0]).toMatchObject({ ...COUNTS, problems: [] });
    expect(await Promise.all(['course', 'section', 'meeting'].map(rowsIn))).toEqual([445, 877, 1_639]);
  });

  it('changes what the file changes, and never sets a capacity below what is taken', async () => {
    const id = '0000162389';
    await database.write((manager) => manager.update(SectionEntity, { id }, { taken: 10 }));
    const csv = (await demoCatalogue())
      .replace(
        '"12","","WAC","","","","Rachael Norton","","S","200","16"',
        '"12","","WAC","","","","Emmy Noether","","S","200","4"',
      )
      .replace(/^"0000162493".*\n/m, '');
    const report = await CatalogueImport.run(database, csv, DEMO_TERM.id);
    expect(report).toMatchObject({ outcome: 'imported', added: 0, changed: 1 });
    expect(report.problems).toEqual([
      { line: 3, rule: 'the capacity is below what is taken', text: `${id}: 4 in the file, 10 taken` },
      { line: 0, rule: 'the section is no longer in the file, and was kept', text: '0000162493' },
    ]);
    const section = await database.read((manager) => manager.findOneByOrFail(SectionEntity, { id }));
    expect(section).toMatchObject({ instructors: 'Emmy Noether', capacity: 10, taken: 10, version: 2, revision: 1 });
  });

  it('leaves the sections of another term alone', async () => {
    const report = await CatalogueImport.run(database, await demoCatalogue(), 'other');
    expect(report).toMatchObject({ added: 0, changed: 0 });
    expect(report.problems).toHaveLength(877);
  });
});
