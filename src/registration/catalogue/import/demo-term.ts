import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../../../contract/operate/terms';
import type { Database } from '../../../database/database';
import { CatalogueImport } from './catalogue-import';

/** The real term that comes with the product; see catalogue/README.md. */
export const DEMO_TERM = { id: '20251', name: 'Fall 2025' } as const;

/** The demo term's catalogue as it was published. */
export function demoCatalogue(): Promise<string> {
  return readFile(join(__dirname, '../stolaf-20251.csv'), 'utf8');
}

/** Makes sure that the demo term is there; from the second start on it changes nothing. */
export async function ensureDemoTerm(database: Database): Promise<ImportReport> {
  const options = { name: DEMO_TERM.name, onlyNewFile: true };
  const { report } = await CatalogueImport.run(database, await demoCatalogue(), DEMO_TERM.id, options);
  return report;
}
