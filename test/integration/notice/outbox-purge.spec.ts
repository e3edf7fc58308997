import type { MailState } from '../../../src/contract/mails';
import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { OutboxPurge } from '../../../src/notice/outbox-purge';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { ENTITIES, keepQuiet } from './support';

const DAY_MS = 86_400_000;
const KEPT_MS = 30 * DAY_MS;
/** More than go in one transaction. */
const MANY = 2_345;

describe.each(TESTED_DATABASES)('the purge of the outbox on %s', (kind) => {
  let home: Home;
  let pods: [Database, Database];

  beforeAll(async () => {
    keepQuiet();
    home = await makeHome(kind);
    pods = [await home.open(ENTITIES), await home.open(ENTITIES)];
    await pods[0].migrate();
  });

  afterAll(() => home.remove());

  /** Mails of one student, made and, where they were sent, sent so many days ago. */
  const add = (student: string, state: MailState, daysAgo: number, count = 1): Promise<void> =>
    pods[0].write(async (manager) => {
      const at = Math.round((await pods[0].now(manager)) - daysAgo * DAY_MS);
      const row = {
        ...{ student_id: student, term_id: 'spring', notices: '[]', state, attempts: 1 },
        ...{ next_at: at, claimed_by: null, created_at: at, sent_at: state === 'sent' ? at : null, last_error: null },
      };
      await bulkInsert(manager, 'outbox', Array<typeof row>(count).fill(row));
    });

  const students = async (): Promise<string[]> => {
    const rows = await pods[0].read((manager) =>
      manager.query<{ id: string }[]>('SELECT DISTINCT student_id AS id FROM outbox ORDER BY student_id'),
    );
    return rows.map(({ id }) => id);
  };

  it('forgets what was sent too long ago and nothing else, each mail by one of two pods', async () => {
    await add('old', 'sent', 31, MANY);
    await add('young', 'sent', 29);
    for (const state of ['waiting', 'claimed', 'parked'] as const) await add(state, state, 400);
    const purged = await Promise.all(pods.map((database) => new OutboxPurge(database, KEPT_MS).once()));
    expect(purged[0]! + purged[1]!).toBe(MANY);
    expect(await students()).toEqual(['claimed', 'parked', 'waiting', 'young']);
  });

  if (kind !== 'sqlite') {
    it('does not take rows that another pod has locked for the end', async () => {
      await add('locked', 'sent', 33, MANY);
      await add('free', 'sent', 32, 10);
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let isHeld = false;
      const holding = pods[1].write(async (manager) => {
        await manager.query("SELECT id FROM outbox WHERE student_id = 'locked' FOR UPDATE");
        isHeld = true;
        await held;
      });
      await waitFor(() => isHeld, { what: 'the rows to be locked' });
      const purging = new OutboxPurge(pods[0], KEPT_MS).once();
      await waitFor(async () => !(await students()).includes('free'), { what: 'the free rows to be purged' });
      release();
      await holding;
      expect(await purging).toBe(MANY + 10);
      expect(await students()).not.toContain('locked');
    });
  }

  it('keeps a mail that was sent lately, however long it had waited for that', async () => {
    await add('late', 'sent', 1);
    await pods[0].write((manager) => manager.query("UPDATE outbox SET next_at = 0 WHERE student_id = 'late'"));
    expect(await new OutboxPurge(pods[0], KEPT_MS).once()).toBe(0);
    expect(await students()).toContain('late');
  });

  it('is done by itself once started, and stops', async () => {
    await add('old', 'sent', 31);
    const purge = new OutboxPurge(pods[1], KEPT_MS);
    purge.start();
    await waitFor(async () => !(await students()).includes('old'), { what: 'the old mail to be forgotten' });
    await purge.stop();
  });
});
