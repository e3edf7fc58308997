import { Logger } from '@nestjs/common';
import { __resetOutOfContextForTests as forgetLogger } from 'nestjs-pino/PinoLogger';
import { inRequest } from '../common/request-context';
import { createLog, ProductLog } from './product-log';

const STUDENT = '20261234';

describe('the log', () => {
  let written: string[];

  /** The product's log in place of the framework's; what it writes is in `written`. */
  function begin(logFormat: 'json' | 'text', logLevel: 'debug' | 'info' = 'info'): void {
    written = [];
    forgetLogger();
    const to = { write: (line: string) => void written.push(line) };
    const nameStudent = (id: string): string => `h${id.length}`;
    Logger.overrideLogger(new ProductLog(createLog({ logFormat, logLevel }, { nameStudent, to })));
  }

  const lines = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  const logger = new Logger('Test');

  beforeEach(() => begin('json'));
  afterAll(() => void Logger.overrideLogger(true));

  it('is one object a line, with what was said as fields', () => {
    logger.warn({ code: 'line_away', room: 'r1' }, 'The line cannot be reached');
    const [line] = lines();
    expect(line).toMatchObject({ level: 'warn', context: 'Test', code: 'line_away', room: 'r1' });
    expect(line).toMatchObject({ pod: expect.any(String) as string, msg: 'The line cannot be reached' });
    expect(new Date(line?.time as string).getTime()).toBeGreaterThan(0);
  });

  it('never names a student', () => {
    logger.log({ code: 'a', student: STUDENT }, 'One thing');
    inRequest({ id: 'request-1', studentId: STUDENT }, () => logger.log({ code: 'b' }, 'Another thing'));
    expect(lines().map(({ student }) => student)).toEqual(['h8', 'h8']);
    expect(written.join()).not.toContain(STUDENT);
  });

  it('says of each line in a request, also after a pause, which request it was, until it is answered', async () => {
    const context = { id: 'request-1', answered: false };
    await inRequest(context, async () => {
      await Promise.resolve();
      logger.log({ code: 'a' }, 'One thing');
      context.answered = true;
      logger.log({ code: 'b' }, 'What it began goes on');
    });
    expect(lines().map(({ code, requestId }) => [code, requestId])).toEqual([
      ['a', 'request-1'],
      ['b', undefined],
    ]);
  });

  it.each([
    ['the password of an address', 'connect redis://default:hun/ter2@cache:6379 failed', 'hun/ter2'],
    ['a bearer token', 'refused: Authorization: Bearer hunter2hunter2', 'hunter2'],
    ['a token of the provider', 'bad eyJhbGciOi.eyJzdWIiOi.hunter2', 'hunter2'],
    ['a sign-in or ticket', 'bad s1.eyJzdWIiOiIx.k1.hunter2', 'hunter2'],
    ['a code to sign in with', 'GET /callback?state=1&code=hunter2', 'hunter2'],
    ['a student in the error of a database', `Duplicate entry '${STUDENT}-CS101' for key 'PRIMARY'`, STUDENT],
  ])('shows nowhere %s', (_, reason, secret) => {
    for (const format of ['json', 'text'] as const) {
      begin(format);
      logger.error({ code: 'failed', reason, err: new Error(reason) }, 'It failed');
      expect(written.join()).toContain('failed');
      expect(written.join()).not.toContain(secret);
    }
  });

  it('shows no field that is a secret by its name, and no values of a failed statement', () => {
    const error = Object.assign(new Error('no'), { parameters: [STUDENT], query: 'INSERT' });
    const headers = { cookie: 'hunter2', authorization: 'hunter2' };
    logger.error(
      { code: 'failed', token: 'hunter2', headers, given: { password: 'hunter2' }, err: error },
      'It failed',
    );
    expect(written.join()).not.toMatch(/hunter2|20261234/);
    expect(lines()[0]).toMatchObject({ err: { type: 'Error', message: 'no', stack: expect.any(String) as string } });
  });

  it('keeps apart what happens again and again in the background from what each request met', () => {
    for (let time = 0; time < 100; time += 1) {
      logger.warn({ code: 'sweep_deferred', reason: `timeout after ${time} ms` }, 'Held seats wait');
      inRequest({ id: `request-${time}` }, () => logger.error({ code: 'request_failed' }, 'A request failed'));
    }
    logger.warn({ code: 'sweep_deferred', room: 'another', reason: 'timeout after 1 ms' }, 'Held seats wait');
    expect(lines().filter(({ code }) => code === 'sweep_deferred')).toHaveLength(2);
    expect(lines().filter(({ code }) => code === 'request_failed')).toHaveLength(100);
  });

  it('tells an error that is its own cause, the first of several, and no address of mail', () => {
    const circle = new Error('round');
    circle.cause = circle;
    logger.error({ code: 'round', err: circle }, 'It failed');
    const all = new AggregateError([new Error('no such student: kim@example.ac.kr')]);
    logger.error({ code: 'several', err: all }, 'It failed');
    expect(lines()).toMatchObject([{ code: 'round' }, { code: 'several', err: { message: 'no such student: …@…' } }]);
  });

  it('tells of the framework’s own start only when it is debugged', () => {
    new Logger('RoutesResolver').log('a route');
    expect(written).toEqual([]);
    begin('json', 'debug');
    new Logger('RoutesResolver').log('a route');
    expect(lines()).toMatchObject([{ level: 'debug', context: 'RoutesResolver', msg: 'a route' }]);
  });

  it('is for people one line of text, with code and fields', () => {
    begin('text');
    logger.warn({ code: 'line_away', room: 'r1' }, 'The line cannot be reached');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/WARN.*\(line_away\).*"room":"r1"/);
  });
});
