import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { type Pod, startPod } from '../../../load/servers/pod';
import { startRedis } from '../../../load/servers/redis';
import type { Service } from '../../../load/servers/service';
import type { DatabaseService } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';
import type { StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { startSmtpServer, type TestSmtpServer } from '../notice/smtp';
import { type Dump, loadMysql, loadSqlite, readDump } from './dump';
import { Campus, CART_OF_DI, ENROLLED, environment, INSIDE, ON_WAITLISTS, QUEUED_MAILS, ROOM, WAITING } from './story';

const REPOSITORY = join(__dirname, '..', '..', '..');

/** Longer than the recovery window of the line. */
const PATIENCE = { timeoutMs: 180_000 };

describe.each(['sqlite', 'mysql', 'mariadb'] as const)('an upgrade of a service on %s', (kind) => {
  const directory = temporaryDirectory('upgrade');
  const tabs = new Map<string, StudentTab>();
  const stops: (() => Promise<unknown>)[] = [];
  let dump: Dump;
  let issuer: Issuer;
  let smtp: TestSmtpServer;
  let pod: Pod;
  let campus: Campus;

  beforeAll(async () => {
    dump = readDump(kind);
    issuer = keep(await startIssuer());
    smtp = keep(await startSmtpServer());
    const env = { ...environment(issuer, smtp.url), ...(await loaded()) };
    pod = keep(await startPod({ dataDir: directory.path, env }));
    campus = new Campus(pod.url, issuer);
    stops.push(() => Promise.resolve(campus.leave()));
  });

  // When the pod does not start, that is what the run has to say, and what did start is stopped.
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    directory.remove();
  });

  it('loses no enrolment, no waitlist, no offer and no cart', async () => {
    expect(await enrolled()).toEqual(ENROLLED);
    expect(await onWaitlists()).toEqual(ON_WAITLISTS);
    const cart = await campus.term<{ sections: { id: string }[] }>('di', 'GET', '/cart');
    expect(cart.sections.map(({ id }) => id)).toEqual(CART_OF_DI);
  });

  it('sends every mail that was queued, once', async () => {
    await waitFor(() => smtp.accepted().length >= QUEUED_MAILS.length, { what: 'the mails', ...PATIENCE });
    expect(recipients(smtp).sort()).toEqual(QUEUED_MAILS);
  });

  it('keeps those inside in, and those who wait in their places', async () => {
    await Promise.all([...INSIDE, ...WAITING].map(comeBack));
    const numbers = Object.fromEntries([...tabs].map(([id, tab]) => [id, tab.ticket?.number]));
    expect(numbers).toEqual(Object.fromEntries(Object.entries(dump.places).map(([id, { number }]) => [id, number])));
    expect(INSIDE.map((id) => tabs.get(id)?.ticket?.state)).toEqual(INSIDE.map(() => 'admitted'));
    const place = (id: string) => tabs.get(id)?.positions.at(-1);
    await waitFor(() => WAITING.every((id, index) => place(id) === index + 1), { what: 'the places', ...PATIENCE });
  });

  it('gives a dropped seat to the head of its waitlist, and an offered one to whoever accepts', async () => {
    await campus.term('ann', 'DELETE', '/enrolments/solo');
    await campus.term('cy', 'POST', '/waitlists/duo/accept', { body: {} });
    const promoted = async (): Promise<boolean> => (await enrolled()).includes('solo bo');
    await waitFor(promoted, { what: 'the promotion', ...PATIENCE });
    expect(await enrolled()).toEqual(['duo bo', 'duo cy', 'solo bo', 'wide gus', 'wide hal']);
    expect(await onWaitlists()).toEqual(['solo 1 cy waiting']);
    const mailed = (): boolean =>
      ['ann', 'bo', 'cy'].every((id) => recipients(smtp).lastIndexOf(id) >= QUEUED_MAILS.length);
    await waitFor(mailed, { what: 'the mails about it', ...PATIENCE });
  });

  it('lets the next one in when a place is free, who can enrol', async () => {
    await tabs.get('di')?.request('admission:finish', { roomId: ROOM });
    const { token } = (await tabs.get('eve')?.admitted()) ?? { token: '' };
    const headers = { 'admission-token': token, 'idempotency-key': 'after' };
    await campus.term('eve', 'POST', '/enrolments', { body: { sectionIds: ['wide'] }, headers });
    expect(await enrolled()).toContain('wide eve');
    await waitFor(() => tabs.get('fay')?.positions.at(-1) === 1, { what: 'the next place', ...PATIENCE });
  });

  it('leaves a trail that proves the line fair, over both versions', async () => {
    const args = ['--require', '@swc-node/register', join(REPOSITORY, 'src/trail/cli.ts'), 'verify', '--room', ROOM];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, ...where, '--json'], { cwd: REPOSITORY });
    expect(JSON.parse(stdout)).toMatchObject({ pass: true, violations: [] });
  });

  /** Where the trail command finds the database. */
  let where: string[] = [];

  /** The dump in a database of its kind; what a pod must be told of it. */
  async function loaded(): Promise<Record<string, string>> {
    if (kind === 'sqlite') {
      loadSqlite(join(directory.path, 'sunbeon.sqlite'), dump.statements);
      where = ['--data-dir', directory.path];
      return {};
    }
    const database: DatabaseService = keep(await startDatabase(kind));
    const redis: Service = keep(await startRedis());
    await loadMysql(database.url, dump.statements);
    where = ['--database', database.url];
    return { DATABASE_URL: database.url, REDIS_URL: redis.url };
  }

  async function comeBack(studentId: string): Promise<void> {
    const tab = await campus.tab(studentId);
    tabs.set(studentId, tab);
    const { ticket } = dump.places[studentId] ?? { ticket: '' };
    const join = (): Promise<unknown> => tab.join(ROOM, { resume: true, ticket });
    await waitFor(join, { what: `the place of ${studentId}`, ...PATIENCE });
  }

  async function enrolled(): Promise<string[]> {
    const rows = await campus.list('enrolments');
    return rows.map((row) => `${row.section_id} ${row.student_id}`).sort();
  }

  async function onWaitlists(): Promise<string[]> {
    const rows = await campus.list('waitlists');
    return rows
      .filter((row) => row.state === 'waiting' || row.state === 'offered')
      .map((row) => `${row.section_id} ${row.position || '-'} ${row.student_id} ${row.state}`)
      .sort();
  }

  function keep<T extends { stop: () => Promise<unknown> } | { close: () => Promise<unknown> }>(service: T): T {
    stops.push(() => ('stop' in service ? service.stop() : service.close()));
    return service;
  }
});

function recipients(smtp: TestSmtpServer): string[] {
  return smtp.accepted().map(({ to }) => to?.[0]?.address?.split('@')[0] ?? '');
}
