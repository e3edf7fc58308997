import { join } from 'node:path';
import type { Database } from '../../../src/database/database';
import { OutboxTable } from '../../../src/notice/outbox';
import type { OutboxWorker } from '../../../src/notice/outbox-worker';
import { OutboxEntity } from '../../../src/notice/outbox.entity';
import { ManagedProcess } from '../../../load/servers/managed-process';
import { waitFor } from '../../../load/support/wait-for';
import { type Home, makeHome, schemaDifferences, TESTED_DATABASES } from '../database/support';
import { startSmtpServer, type TestSmtpServer } from './smtp';
import {
  addNotices,
  addStudent,
  ENTITIES,
  keepQuiet,
  mailsOf,
  makeWorker,
  notice,
  type TestWorkerOptions,
} from './support';

describe.each(TESTED_DATABASES)('the outbox on %s', (kind) => {
  let home: Home;
  let database: Database;
  let server: TestSmtpServer;
  let workers: OutboxWorker[] = [];

  beforeAll(async () => {
    keepQuiet();
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await database.migrate();
  });

  afterAll(() => home.remove());

  beforeEach(async () => {
    server = await startSmtpServer();
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    workers = [];
    await server.stop();
    await database.write((manager) => manager.clear(OutboxEntity));
  });

  const startWorker = (options: Partial<TestWorkerOptions> = {}, on = database): OutboxWorker => {
    const worker = makeWorker(on, { smtpUrl: server.url, patienceMs: 100, ...options });
    workers.push(worker);
    worker.start();
    return worker;
  };

  const onlyMail = async (studentId: string) => {
    const [mail, ...others] = await mailsOf(database, studentId);
    expect(others).toEqual([]);
    if (!mail) throw new Error('no mail');
    return mail;
  };

  const untilState = (studentId: string, state: string) =>
    waitFor(
      async () => {
        const mail = await onlyMail(studentId);
        return mail.state === state && mail;
      },
      { what: `a mail that is ${state}` },
    );

  it('has the table that its entity says', async () => {
    expect(await schemaDifferences(database, [OutboxEntity])).toEqual([]);
  });

  it('keeps nothing of a transaction that was rolled back', async () => {
    const failing = database.write(async (manager) => {
      await new OutboxTable().add(manager, [notice('rolled-back', '1')], 0);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await mailsOf(database, 'rolled-back')).toEqual([]);
  });

  it('sends every mail once with two workers at once', async () => {
    const students = Array.from({ length: 60 }, (_, index) => `both-${index}`);
    for (const id of students) await addStudent(database, id);
    await addNotices(
      database,
      students.map((id) => notice(id, '1')),
    );
    startWorker({ batchSize: 7 });
    startWorker({ batchSize: 7 }, await home.open(ENTITIES));
    await waitFor(() => server.accepted().length >= students.length, { what: 'all mails' });
    for (const id of students) await untilState(id, 'sent');
    const receivers = server.mails.map(({ to }) => to?.[0]?.address ?? '');
    expect(receivers.sort()).toEqual(students.map((id) => `${id}@university.example`).sort());
    const sent = workers.map(({ figures }) => figures.sent);
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(students.length);
  });

  it.each([
    ['ko', '폐강된 강의'],
    ['en', 'The class is cancelled'],
  ] as const)('tells in %s why an operator has taken a seat away', async (language, reason) => {
    const id = `taken-away-${language}`;
    await addStudent(database, id, language);
    await addNotices(database, [notice(id, '1', { kind: 'dropped', details: { reason } })]);
    startWorker();
    await untilState(id, 'sent');
    expect(server.mails.map(({ text }) => text)).toEqual([expect.stringContaining(reason)]);
  });

  it.each([
    ['ko', '[수강신청] 변경 내역 2건', '대기 순번 4번'],
    ['en', '[Registration] 2 changes to your sections', 'place 4 on the waitlist'],
  ] as const)('tells in %s, in one mail, what one transaction did', async (language, subject, text) => {
    const id = `language-${language}`;
    await addStudent(database, id, language);
    await addNotices(database, [
      notice(id, '1'),
      notice(id, '2', { kind: 'waitlisted', details: { position: 4, other: 'left out' } }),
    ]);
    startWorker();
    await untilState(id, 'sent');
    expect(server.mails).toHaveLength(1);
    const [mail] = server.mails;
    expect(mail?.subject).toBe(subject);
    expect(mail?.text).toContain(text);
    expect(mail?.html).toContain('<li>CSCI 1 Introduction &amp; more</li>');
    expect(mail?.from?.address).toBe('registration@university.example');
    expect(mail?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(mail?.messageId).toMatch(new RegExp(`^<${(await onlyMail(id)).id}\\.[0-9a-z]+@university\\.example>$`));
  });

  it('tries again later what the server takes only later', async () => {
    await addStudent(database, 'later');
    await addNotices(database, [notice('later', '1')]);
    server.react = () =>
      server.mails.length < 2 ? { kind: 'answer', code: 454, text: 'Throttling failure' } : { kind: 'accept' };
    startWorker();
    const { attempts, lastError } = await untilState('later', 'sent');
    expect({ attempts, lastError }).toEqual({ attempts: 3, lastError: null });
    expect(server.accepted()).toHaveLength(1);
  });

  it('parks what keeps failing, with the reason', async () => {
    await addStudent(database, 'never');
    await addNotices(database, [notice('never', '1')]);
    server.react = () => ({ kind: 'answer', code: 451, text: 'Not now' });
    startWorker({ attempts: 3 });
    const mail = await untilState('never', 'parked');
    expect(mail.attempts).toBe(3);
    expect(mail.lastError).toContain('451');
    expect(server.mails).toHaveLength(3);
  });

  it('parks what the server refuses for good at once, without the address in the reason', async () => {
    await addStudent(database, 'refused');
    await addNotices(database, [notice('refused', '1')]);
    server.react = () => ({ kind: 'answer', code: 550, text: 'No such user: <refused@university.example>' });
    startWorker();
    const mail = await untilState('refused', 'parked');
    expect(mail.attempts).toBe(1);
    expect(mail.lastError).toContain('550');
    expect(mail.lastError).not.toContain('refused@');
  });

  it('does not give a mail up because the server refuses us as the sender', async () => {
    await addStudent(database, 'sender');
    await addNotices(database, [notice('sender', '1')]);
    server.refuseSender = { code: 530, text: 'Authentication required' };
    startWorker({ attempts: 1_000_000 });
    await waitFor(async () => (await onlyMail('sender')).lastError?.includes('530'), { what: 'a refusal' });
    server.refuseSender = undefined;
    await untilState('sender', 'sent');
  });

  it('sends again, with the same Message-ID, when the connection is cut before the answer', async () => {
    await addStudent(database, 'cut');
    await addNotices(database, [notice('cut', '1')]);
    server.react = () => (server.mails.length < 1 ? { kind: 'cut' } : { kind: 'accept' });
    startWorker();
    await untilState('cut', 'sent');
    expect(server.mails.map(({ accepted }) => accepted)).toEqual([false, true]);
    expect(server.mails[0]?.messageId).toBe(server.mails[1]?.messageId);
  });

  it('takes over what a killed worker had claimed', async () => {
    await addStudent(database, 'killed');
    await addNotices(database, [notice('killed', '1')]);
    server.react = () => ({ kind: 'hang' });
    const lease = { leaseMs: 4_000, latestStartMs: 3_000, sendTimeoutMs: 20_000 };
    const argument = JSON.stringify({ place: home.place, options: { smtpUrl: server.url, ...lease } });
    const other = await ManagedProcess.start({
      name: 'outbox-worker',
      command: process.execPath,
      args: ['--require', '@swc-node/register', join(__dirname, 'worker-process.ts'), argument],
    });
    await other.untilReady(async () => server.mails.length === 1);
    await other.kill();
    expect((await onlyMail('killed')).state).toBe('claimed');
    server.react = () => ({ kind: 'accept' });
    startWorker(lease);
    await untilState('killed', 'sent');
    expect(server.accepted()).toHaveLength(1);
  });

  it('gives back what it has claimed and not tried when it stops', async () => {
    await addStudent(database, 'stopped-0');
    await addStudent(database, 'stopped-1');
    await addNotices(database, [notice('stopped-0', '1'), notice('stopped-1', '1')]);
    server.react = () => ({ kind: 'hang' });
    const worker = startWorker({ smtpUrl: `${server.url}?maxConnections=1` });
    await waitFor(() => server.mails.length === 1, { what: 'the first attempt' });
    await worker.stop();
    const [tried, untried] = [await onlyMail('stopped-0'), await onlyMail('stopped-1')];
    expect(tried).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(untried).toMatchObject({ state: 'waiting', attempts: 0, lastError: null });
  });

  it('parks what nobody can be sent, and what is too old to be news', async () => {
    await addStudent(database, 'stale');
    await addNotices(database, [notice('unknown', '1'), notice('stale', '1')]);
    const aWeekAgo = Date.now() - 7 * 86_400_000;
    await database.write((manager) => manager.update(OutboxEntity, { studentId: 'stale' }, { createdAt: aWeekAgo }));
    startWorker();
    expect((await untilState('unknown', 'parked')).lastError).toBe('the student is not known any more');
    expect((await untilState('stale', 'parked')).lastError).toBe('too old to be news');
    expect(server.mails).toEqual([]);
  });
});
