import type { WantedSection } from '../../../load/judge/record';
import type { SeededRandom } from '../../../load/support/random';
import type { Database } from '../../../src/database/database';
import { CatalogueImport } from '../../../src/registration/catalogue/import/catalogue-import';

const SECTIONS = 8;
/** Of the students of the round: some sections are too small, some are not. */
const CAPACITY_SHARE = { least: 0.1, most: 0.6 };

/** A small term of the round's own: sections that exclude nobody but by their seats. */
export async function importTerm(
  database: Database,
  termId: string,
  students: number,
  random: SeededRandom,
): Promise<WantedSection[]> {
  const rows = Array.from({ length: SECTIONS }, (_, index) => {
    const capacity = Math.max(1, Math.round(students * random.between(CAPACITY_SHARE.least, CAPACITY_SHARE.most)));
    return { id: `${termId}-${index + 1}`, capacity, number: 100 + index };
  });
  const header = 'clbid,department,number,section,type,name,credits,max,offerings';
  const lines = rows.map(
    ({ id, capacity, number }) => `${id},CHAOS,${number},,Research,Course ${number},0.25,${capacity},`,
  );
  await CatalogueImport.run(database, [header, ...lines].join('\n'), termId, { name: termId });
  return rows.map(({ id, capacity }) => ({ id, capacity, seatsAtStart: capacity }));
}
