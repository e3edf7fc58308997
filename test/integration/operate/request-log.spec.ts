import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { type Pod, startPod } from '../../../load/servers/pod';
import { waitFor } from '../../../load/support/wait-for';
import { type LogLine, logLines } from '../../support/log-lines';
import { OperatorClient } from '../../support/operator';
import { StudentTab } from '../../support/student';
import { startSmtpServer, type TestSmtpServer } from '../notice/smtp';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const AUDIENCE = 'sunbeon';
const TERM = 'autumn';
const ROOM = 'autumn-line';
const STUDENT = '2026-kim-1234';

const CATALOGUE = `clbid,department,number,section,type,name,title,credits,max,offerings
wide,CHE,120,B,Research,Salts,Salts,0.5,10,
deep,ART,121,B,Research,Ink,Ink,0.5,10,
`;

describe('a request', () => {
  let issuer: Issuer;
  let smtp: TestSmtpServer;
  let pod: Pod;
  let operator: OperatorClient;
  let tab: StudentTab;
  let signIn: string;

  beforeAll(async () => {
    [issuer, smtp] = await Promise.all([startIssuer(), startSmtpServer()]);
    pod = await startPod({
      env: {
        OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`,
        AUTH_JWKS_URL: issuer.jwksUrl,
        AUTH_ISSUER: issuer.url,
        AUTH_AUDIENCE: AUDIENCE,
        SMTP_URL: smtp.url,
        LOG_LEVEL: 'debug',
      },
    });
    operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
    await ask('POST', `/api/operator/terms/${TERM}/import?name=Autumn`, {
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'text/csv' },
      body: CATALOGUE,
    });
    await operator.createRoom(ROOM, { termId: TERM, site: false });
    const claims = { sub: STUDENT, name: 'Kim', email: 'kim@students.test' };
    const token = await issuer.key.sign(claims, { issuer: issuer.url, audience: AUDIENCE });
    const headers = { 'content-type': 'application/json' };
    const answer = await ask('POST', '/api/sign-in/sso', { headers, body: JSON.stringify({ token }) });
    signIn = ((await answer.json()) as { token: string }).token;
    tab = new StudentTab(pod.url, signIn);
    await tab.connected();
    await waitFor(() => tab.join(ROOM), { what: 'the room' });
    await tab.admitted();
  });
  afterAll(async () => {
    tab.close();
    await pod.stop();
    await Promise.all([smtp.stop(), issuer.close()]);
  });

  async function ask(method: string, path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${pod.url}${path}`, { method, ...init });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  const lines = (): LogLine[] => logLines(pod.output());
  const codesOf = (requestId: string): string[] =>
    lines()
      .filter((line) => JSON.stringify(line).includes(requestId))
      .flatMap(({ code }) => code ?? []);
  const WHOLE_WAY = ['http_request', 'ledger_batch', 'mail_sent', 'seats_decided'];

  it('over HTTP is followed by its id from the click to the mail', async () => {
    const requestId = 'click-of-kim-0001';
    const response = await ask('POST', `/api/terms/${TERM}/enrolments`, {
      headers: {
        ...{ authorization: `Bearer ${signIn}`, 'content-type': 'application/json' },
        ...{ 'admission-token': (await tab.admitted()).token, 'idempotency-key': 'k1', 'x-request-id': requestId },
      },
      body: JSON.stringify({ sectionIds: ['wide'] }),
    });
    expect(response.headers.get('x-request-id')).toBe(requestId);
    await waitFor(() => WHOLE_WAY.every((code) => codesOf(requestId).includes(code)), { what: 'the mail' });
    expect([...codesOf(requestId)].sort()).toEqual(WHOLE_WAY);
  });

  it('of a socket is followed as well, by an id that it is given', async () => {
    const { token } = await tab.admitted();
    const request = { termId: TERM, sectionIds: ['deep'], admission: token, idempotencyKey: 'k2' };
    const reply = await tab.socket.emitWithAck('enrolment:commit', request);
    expect(reply).toMatchObject({ ok: true });
    const message = await waitFor(() => lines().find(({ event }) => event === 'enrolment:commit'), {
      what: 'the line of the message',
    });
    const wholeWay = ['ledger_batch', 'mail_sent', 'seats_decided', 'socket_message'];
    const { requestId = '' } = message;
    await waitFor(() => wholeWay.every((code) => codesOf(requestId).includes(code)), { what: 'the mail' });
  });

  it('has an id of our own when it brings none that is sane', async () => {
    for (const given of ['short', 'with spaces in it', 'x'.repeat(65), '-starts-wrong']) {
      const { headers } = await ask('GET', '/api/rooms', { headers: { 'x-request-id': given } });
      expect(headers.get('x-request-id')).toMatch(/^[\w-]{22}$/);
    }
  });

  it('names the student by what operators can find out, and nowhere by the id or by a secret', async () => {
    await operator.call('PUT', `/terms/${TERM}/credit-limits/${STUDENT}`, { creditLimit: 9, note: 'Double major' });
    const call = (): LogLine | undefined => lines().find(({ route }) => String(route).includes(':studentId'));
    expect(await waitFor(call, { what: 'that call' })).toMatchObject({ operator: 'tester' });
    const { student } = await operator.call<{ student: string }>('GET', `/students/${STUDENT}/log-name`);
    expect(lines().filter(({ code }) => code === 'seats_decided')).toMatchObject([{ student }, { student }]);
    for (const secret of [STUDENT, OPERATOR_TOKEN, signIn]) expect(pod.output()).not.toContain(secret);
  });
});
