import { openDatabase } from '../../src/database/open-database';
import { ensureDemoTerm } from '../../src/registration/catalogue/import/demo-term';
import { registrationEntities } from '../../src/registration/entities';

/** What an embedded service has from its first start on: the real term, in the database of a cluster. */
export async function importDemoTerm(databaseUrl: string): Promise<void> {
  const database = await openDatabase({ url: databaseUrl, entities: registrationEntities });
  try {
    await ensureDemoTerm(database);
  } finally {
    await database.close();
  }
}
