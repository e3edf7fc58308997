import { Global, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { OutboxPage, Mail } from '../../../src/contract/mails';
import { HttpErrorFilter } from '../../../src/common/http-error.filter';
import { floor } from '../../../src/common/floor';
import { CONFIG } from '../../../src/config/config';
import { loadConfig } from '../../../src/config/load-config';
import { Database } from '../../../src/database/database';
import { IdentityModule } from '../../../src/identity/identity.module';
import { NoticeModule } from '../../../src/notice/notice.module';
import { OutboxClaims } from '../../../src/notice/outbox-claims';
import { SectionNames } from '../../../src/notice/mail-composer';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { type Home, makeHome, TESTED_DATABASES } from '../database/support';
import { call } from '../identity/support';
import { addNotices, ENTITIES, keepQuiet, notice, TestSectionNames } from './support';

const OPERATOR = { Authorization: 'Bearer operator-token-0123456789abcdef' };

describe.each(TESTED_DATABASES)('the outbox for people on %s', (kind) => {
  const directory = temporaryDirectory('outbox');
  let home: Home;
  let database: Database;
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    keepQuiet();
    home = await makeHome(kind);
    database = await home.open(ENTITIES);
    await database.migrate();
    const shared = [
      {
        provide: CONFIG,
        useValue: loadConfig({
          DATA_DIR: directory.path,
          OPERATOR_TOKENS: 'kim:operator-token-0123456789abcdef',
          TIME_ZONE: 'Asia/Seoul',
        }),
      },
      { provide: Database, useValue: database },
      { provide: SectionNames, useClass: TestSectionNames },
    ];
    @Global()
    @Module({ providers: shared, exports: shared })
    class SharedModule {}
    const testing = await Test.createTestingModule({
      imports: [SharedModule, floor(NoticeModule, [IdentityModule])],
    }).compile();
    app = testing.createNestApplication<NestExpressApplication>({ forceCloseConnections: true, logger: false });
    app.useGlobalFilters(new HttpErrorFilter());
    await app.listen(0, '127.0.0.1');
    url = (await app.getUrl()).replace(/\/$/, '');
    for (const section of ['1', '2', '3']) await addNotices(database, [notice('me', section)]);
    await addNotices(database, [notice('other', '9')]);
  });

  afterAll(async () => {
    await app.close();
    await home.remove();
    directory.remove();
  });

  const signIn = async (language: string): Promise<Record<string, string>> => {
    const { body } = await call(`${url}/api/sign-in/demo`, { studentId: 'me', name: 'Me', language });
    return { Authorization: `Bearer ${String(body.token)}` };
  };

  const page = async (query: string) => {
    const { body } = await call(`${url}/api/operator/outbox${query}`, undefined, OPERATOR);
    return body as unknown as OutboxPage;
  };

  const sections = ({ mails }: OutboxPage) => mails.map(({ notices }) => notices[0]?.sectionId);

  it.each([
    ['ko', '[수강신청] 수강신청 완료 - CSCI 3 Introduction & more'],
    ['en', '[Registration] Enrolled - CSCI 3 Introduction & more'],
  ])('shows students their own mails, unsent without a mail server, in %s', async (language, subject) => {
    const { body } = await call(`${url}/api/outbox`, undefined, await signIn(language));
    const mails = body.mails as Mail[];
    expect(mails).toHaveLength(3);
    expect(mails[0]).toMatchObject({ subject, state: 'waiting', sentAt: null });
    expect(mails.some(({ text }) => text.includes('CSCI 9'))).toBe(false);
  });

  it('shows operators all mails, page by page and by state', async () => {
    const first = await page('?limit=3');
    expect(sections(first)).toEqual(['9', '3', '2']);
    expect(first.counts).toEqual({ waiting: 4, claimed: 0, sent: 0, parked: 0 });
    const second = await page(`?limit=3&before=${first.next}`);
    expect(sections(second)).toEqual(['1']);
    expect(second.next).toBeNull();
    expect(sections(await page('?state=sent'))).toEqual([]);
  });

  it('lets operators put parked mails back', async () => {
    const claims = new OutboxClaims(database, 60_000);
    const [mail] = await claims.claim(1);
    await claims.park(mail?.id ?? 0, 'EMESSAGE: 550');
    expect((await page('?state=parked')).mails).toMatchObject([
      { id: mail?.id, attempts: 1, lastError: 'EMESSAGE: 550' },
    ]);
    const { body } = await call(`${url}/api/operator/outbox/put-back`, { ids: [mail?.id] }, OPERATOR);
    expect(body).toEqual({ mails: 1 });
    expect((await page('')).counts).toMatchObject({ waiting: 4, parked: 0 });
    const again = await call(`${url}/api/operator/outbox/put-back`, {}, OPERATOR);
    expect(again.body).toEqual({ mails: 0 });
  });

  it('lets neither strangers nor students see the outbox of all', async () => {
    expect((await call(`${url}/api/outbox`)).status).toBe(401);
    expect((await call(`${url}/api/operator/outbox`)).status).toBe(401);
    const asStudent = await call(`${url}/api/operator/outbox`, undefined, await signIn('ko'));
    expect(asStudent.body.error?.code).toBe('not_operator');
  });

  it('refuses a state that is none', async () => {
    const { status, body } = await call(`${url}/api/operator/outbox?state=lost`, undefined, OPERATOR);
    expect({ status, code: body.error?.code }).toEqual({ status: 400, code: 'invalid_input' });
  });
});
