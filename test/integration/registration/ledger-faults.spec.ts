import type { Database } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { EnrolmentEvents } from '../../../src/registration/ports';
import { startMysql } from '../../../load/servers/mysql';
import type { DatabaseService } from '../../../load/servers/sql-server';
import { CommitProxy } from '../database/commit-proxy';
import type { EnrolmentsChanged } from '../../../src/registration/seats/seat-news';
import { addSections, addStudents, commit, ENTITIES, inShort, makeLedger, makeTerm, seatsOf } from './support';

describe('the seat ledger, when MySQL fails it', () => {
  let server: DatabaseService;
  let proxy: CommitProxy;
  let database: Database;

  beforeAll(async () => {
    server = await startMysql();
    proxy = await CommitProxy.start(server.url);
    database = await openDatabase({ url: proxy.url, entities: ENTITIES });
    await makeTerm(database, []);
  });

  afterAll(async () => {
    await database.close();
    await proxy.stop();
    await server.stop();
  });

  it.each(['lost_before', 'lost_after'] as const)(
    'settles a COMMIT that is %s, and says what changed exactly once',
    async (fault) => {
      const heard: EnrolmentsChanged[] = [];
      const events = new EnrolmentEvents();
      events.subscribe((event) => heard.push(event));
      const ledger = makeLedger(database, { events });
      const section = `settle-${fault}`;
      await addSections(database, [{ id: section, capacity: 2 }]);
      const students = await addStudents(database, 3, `${fault}-`);
      proxy.fault = fault;
      const answers = await Promise.all(students.map((id) => ledger.submit(commit(id, [section]))));
      expect(answers.flatMap(inShort)).toEqual(['enrolled', 'enrolled', 'section_full']);
      expect(await seatsOf(database, section)).toEqual({ taken: 2, enrolled: 2, version: 2 });
      expect(ledger.figures()).toMatchObject({ unknownCommits: 1, bisections: 0 });
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({ sections: [{ id: section, left: 0, version: 2 }] });
    },
  );

  it('says that the database is away, and answers the same request when it is back', async () => {
    const ledger = makeLedger(database);
    await addSections(database, [{ id: 'away', capacity: 1 }]);
    await addStudents(database, 1, 'away-');
    const request = commit('away-0', ['away']);
    await proxy.stop();
    await expect(ledger.submit(request)).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
    await proxy.listen();
    expect(inShort(await ledger.submit(request))).toEqual(['enrolled']);
    expect(inShort(await ledger.submit(request))).toEqual(['enrolled']);
    expect(await seatsOf(database, 'away')).toMatchObject({ taken: 1, enrolled: 1 });
  });
});
