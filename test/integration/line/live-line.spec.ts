import { createRemoteJWKSet, jwtVerify } from 'jose';
import { admissionId } from '../../../src/admission/admission-token';
import { Cluster, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

/** Where the same promises are kept: one embedded pod, or two clustered pods that the tabs of a test are spread over. */
interface Setting {
  urls: [string, string];
  operator: OperatorClient;
  token(studentId: string): Promise<string>;
  stop(): Promise<void>;
}

async function embedded(): Promise<Setting> {
  const pod: Pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
  return {
    urls: [pod.url, pod.url],
    operator: new OperatorClient(pod.url, OPERATOR_TOKEN),
    token: (studentId) => signIn(pod.url, studentId),
    stop: async () => void (await pod.stop()),
  };
}

async function clustered(): Promise<Setting> {
  const cluster: Cluster = await startCluster({ pods: 2 });
  const [first, second] = cluster.pods as [Pod, Pod];
  return {
    urls: [first.url, second.url],
    operator: new OperatorClient(first.url, cluster.operatorToken),
    token: async (studentId) => (await signInSso(cluster, studentId, first.url)).token,
    stop: () => cluster.stop(),
  };
}

describe.each([
  ['one embedded pod', embedded],
  ['two clustered pods', clustered],
])('the live line on %s', (_, start) => {
  let setting: Setting;
  const tabs: StudentTab[] = [];
  let rooms = 0;

  beforeAll(async () => (setting = await start()));
  afterAll(() => setting.stop());
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close();
  });

  async function room(settings: Record<string, unknown> = {}): Promise<string> {
    const id = `room-${(rooms += 1)}`;
    await setting.operator.createRoom(id, settings);
    await waitFor(async () => {
      const states = await Promise.all(
        setting.urls.map(
          async (url) => ((await (await fetch(`${url}/api/rooms/${id}`)).json()) as { state?: string }).state,
        ),
      );
      return states.every((state) => state !== undefined && state !== 'recovering');
    });
    return id;
  }

  /** A tab of the student on the first or the second pod. */
  async function tab(studentId: string, pod: 0 | 1 = 0): Promise<StudentTab> {
    const opened = new StudentTab(setting.urls[pod], await setting.token(studentId));
    tabs.push(opened);
    await opened.connected();
    return opened;
  }

  it('lets students in, in the order in which they joined, each with a token that proves it', async () => {
    const id = await room({ ratePerSecond: 20 });
    const students = await Promise.all([0, 1, 2, 3, 4].map((index) => tab(`order-${index}`, (index % 2) as 0 | 1)));
    for (const student of students) await student.join(id);
    const admissions = await Promise.all(students.map((student) => student.admitted()));
    expect(students.map((student) => student.ticket?.number)).toEqual([1, 2, 3, 4, 5]);
    const verified = await fetch(`${setting.urls[1]}/api/admissions/verify`, {
      headers: { authorization: `Bearer ${admissions[0]?.token}` },
    });
    expect(verified.status).toBe(200);
    expect(await verified.json()).toMatchObject({ studentId: 'order-0', roomId: id });
  });

  it('gives a token that any site can check by itself, with the keys that either pod publishes', async () => {
    const id = await room();
    const student = await tab('elsewhere');
    await student.join(id);
    const { token, number, expiresAt } = await student.admitted();
    const jtis: unknown[] = [];
    for (const url of setting.urls) {
      const keys = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
      const site = { algorithms: ['ES256'], issuer: 'sunbeon', audience: 'sunbeon:admission' };
      const { payload } = await jwtVerify(token, keys, site);
      expect(payload).toMatchObject({ sub: 'elsewhere', room: id, number, exp: Math.ceil(expiresAt / 1_000) });
      jtis.push(payload.jti);
    }
    expect(jtis).toEqual([admissionId(id, number), admissionId(id, number)]);
  });

  it('shows all tabs of one student the same ticket, and admits them together', async () => {
    const id = await room({ control: 'paused' });
    const [one, two] = [await tab('tabs', 0), await tab('tabs', 1)];
    const [first, second] = [await one.join(id), await two.join(id)];
    expect(second.number).toBe(first.number);
    await setting.operator.changeRoom(id, { control: 'auto' });
    const [a, b] = await Promise.all([one.admitted(), two.admitted()]);
    expect(b.number).toBe(a.number);
    expect(b.sequence).toBe(a.sequence);
    expect(a.sequence).toBeGreaterThan(second.sequence);
  });

  it('answers an act before it tells what the act has brought about', async () => {
    const id = await room({ control: 'paused' });
    const student = await tab('answered');
    const order: string[] = [];
    student.socket.onAny((event: string) => {
      if (event === 'line:ticket' || event === 'line:left') order.push(event);
    });
    await new Promise<void>((resolve) => {
      student.socket.emit('line:join', { roomId: id }, () => resolve(void order.push('joined')));
    });
    await waitFor(() => order.includes('line:ticket'), { what: 'the ticket' });
    await new Promise<void>((resolve) => {
      student.socket.emit('line:leave', { roomId: id }, () => resolve(void order.push('left')));
    });
    await waitFor(() => order.includes('line:left'), { what: 'the end' });
    expect(order).toEqual(['joined', 'line:ticket', 'left', 'line:left']);
  });

  it('tells those who still look at a closed room that it is open again', async () => {
    const id = await room({ control: 'paused' });
    const [inLine, tooLate] = [await tab('closed-on', 0), await tab('too-late', 1)];
    const states: string[][] = [[], []];
    inLine.socket.on('room:state', ({ state }) => states[0]?.push(state));
    tooLate.socket.on('room:state', ({ state }) => states[1]?.push(state));
    await inLine.join(id);
    await setting.operator.changeRoom(id, { control: 'closed' });
    await waitFor(() => inLine.left.length > 0, { what: 'the end of the place' });
    await expect(tooLate.join(id)).rejects.toThrow('room_closed');
    await setting.operator.changeRoom(id, { control: 'auto' });
    await waitFor(() => states.every((told) => told.at(-1) === 'open'), { what: 'the room to be told open' });
    expect((await inLine.join(id)).number).toBeGreaterThan(1);
  });

  it('keeps the place of a student who reconnects, on whichever pod', async () => {
    const id = await room({ control: 'paused' });
    const ahead = await tab('ahead');
    await ahead.join(id);
    const before = await tab('back-again', 0);
    const { number, ticket, sequence } = await before.join(id);
    before.close();
    const behind = await tab('behind', 1);
    await behind.join(id);
    const after = await tab('back-again', 1);
    const resumed = await after.join(id, { resume: true, ticket, seenSequence: sequence });
    expect(resumed).toMatchObject({ number, position: 2 });
  });

  it('gives a student who left a new number at the tail', async () => {
    const id = await room({ control: 'paused' });
    const leaver = await tab('leaver');
    const first = await leaver.join(id);
    await leaver.request('line:leave', { roomId: id });
    await waitFor(() => leaver.left.some(({ reason }) => reason === 'left'));
    const other = await tab('stayed', 1);
    await other.join(id);
    const second = await leaver.join(id);
    expect(second.number).toBeGreaterThan(other.ticket?.number ?? 0);
    expect(second.number).toBeGreaterThan(first.number);
  });

  it('moves a position forward when those ahead leave, and never back', async () => {
    const id = await room({ control: 'paused' });
    const ahead = await tab('goes', 0);
    await ahead.join(id);
    const watcher = await tab('watches', 1);
    await watcher.join(id);
    const behind = await tab('later', 0);
    await behind.join(id);
    await ahead.request('line:leave', { roomId: id });
    await waitFor(() => watcher.positions.at(-1) === 1);
    expect(watcher.positions).toEqual([...watcher.positions].sort((a, b) => b - a));
  });

  it.each([
    ['a ticket that was made up', 'ticket_invalid', () => 'v1.e30.k1.AAAA'],
    ["another student's ticket", 'ticket_invalid', (others: string) => others],
  ])('refuses %s', async (_name, code, forge) => {
    const id = await room({ control: 'paused' });
    const owner = await tab('owner');
    const { ticket } = await owner.join(id);
    const thief = await tab('thief', 1);
    await expect(thief.join(id, { ticket: forge(ticket), resume: true })).rejects.toMatchObject({ error: { code } });
  });

  it('tells a student without a place so, and takes no new one, when only coming back was asked for', async () => {
    const id = await room();
    const stranger = await tab('stranger');
    await expect(stranger.join(id, { resume: true })).rejects.toMatchObject({ error: { code: 'ticket_gone' } });
  });

  it('opens at the scheduled time, and lets nobody in before', async () => {
    const later = Date.now() + 3_600_000;
    const id = await room({ opensAt: later });
    const early = await tab('early');
    expect((await early.join(id)).room).toMatchObject({ state: 'scheduled', opensAt: later });
    // Soon, now that the student is in line, however long that took.
    const opensAt = Date.now() + 1_500;
    await setting.operator.changeRoom(id, { opensAt });
    const admission = await early.admitted();
    expect(admission.serverTime).toBeGreaterThanOrEqual(opensAt);
  });

  it('never has more inside than the capacity, and lets the next one in when somebody finishes', async () => {
    const id = await room({ capacity: 1 });
    const [first, second] = [await tab('first', 0), await tab('second', 1)];
    await first.join(id);
    await second.join(id);
    await first.admitted();
    expect(second.admissions).toEqual([]);
    expect(await first.request('admission:finish', { roomId: id })).toEqual({ ok: true });
    await second.admitted();
  });

  it('refuses the token of an admission that was finished', async () => {
    const id = await room();
    const student = await tab('finished');
    await student.join(id);
    const { token } = await student.admitted();
    await student.request('admission:finish', { roomId: id });
    const answer = await fetch(`${setting.urls[1]}/api/admissions/verify`, { headers: { 'admission-token': token } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'admission_finished' } });
  });

  it('gives the admission of a student who never acknowledged it to the next', async () => {
    const id = await room({ capacity: 1, noShowSeconds: 1 });
    const [absent, next] = [await tab('absent', 0), await tab('next', 1)];
    absent.acknowledges = false;
    await absent.join(id);
    await next.join(id);
    await next.admitted();
    await waitFor(() => absent.left.some(({ reason }) => reason === 'no_show'));
  });

  it('takes what is done inside for an acknowledgement, and tells no no-show that it has finished', async () => {
    const id = await room({ noShowSeconds: 2 });
    const [active, absent] = [await tab('active', 0), await tab('absent', 1)];
    for (const student of [active, absent]) student.acknowledges = false;
    await active.join(id);
    const { token: admission } = await active.admitted();
    const commit = { termId: '20251', sectionIds: ['no-such-section'], admission, idempotencyKey: 'k' };
    expect(await active.request('enrolment:commit', commit)).toMatchObject({ ok: true });
    await absent.join(id);
    const missed = await absent.admitted();
    await waitFor(() => absent.left.length > 0, { what: 'the end of the no-show' });
    expect(absent.left).toEqual([{ roomId: id, reason: 'no_show' }]);
    expect(active.left).toEqual([]);
    const refused = { ok: false, error: { code: 'admission_missed' } };
    await waitFor(async () => !(await absent.request('enrolment:commit', { ...commit, admission: missed.token })).ok, {
      what: 'the end to be known to the database',
    });
    expect(await absent.request('enrolment:commit', { ...commit, admission: missed.token })).toMatchObject(refused);
    expect(await absent.request('admission:finish', { roomId: id })).toMatchObject(refused);
    expect(await active.request('admission:finish', { roomId: id })).toMatchObject({ ok: true });
  });

  it('lets an operator admit one student by hand, and remove another', async () => {
    const id = await room({ control: 'paused' });
    const [lucky, unlucky] = [await tab('lucky', 0), await tab('unlucky', 1)];
    await unlucky.join(id);
    await lucky.join(id);
    await setting.operator.call('POST', `/rooms/${id}/students/lucky/admit`, { note: 'accommodation' });
    await lucky.admitted();
    await setting.operator.call('DELETE', `/rooms/${id}/students/unlucky`, { note: 'asked for it' });
    await waitFor(() => unlucky.left.some(({ reason }) => reason === 'removed'));
  });

  it('ends every place when the room closes', async () => {
    const id = await room({ control: 'paused' });
    const student = await tab('closing');
    await student.join(id);
    await setting.operator.call('POST', `/rooms/${id}/close`);
    await waitFor(() => student.left.some(({ reason }) => reason === 'closed'));
    await expect(student.join(id)).rejects.toMatchObject({ error: { code: 'room_closed' } });
  });

  it.each([
    ['an unknown event', 'line:jump', { roomId: 'x' }, 'invalid_input'],
    ['a payload that is no object', 'line:join', 'hello', 'invalid_input'],
    ['a payload with too much in it', 'line:join', { roomId: 'room-1', isAdmin: true }, 'invalid_input'],
    ['a room that does not exist', 'line:join', { roomId: 'nowhere' }, 'room_not_found'],
    [
      'a commit with a made-up admission',
      'enrolment:commit',
      { termId: '20251', sectionIds: ['1'], admission: 'x', idempotencyKey: 'k' },
      'admission_invalid',
    ],
  ])('answers %s with a clear code', async (_name, event, payload, code) => {
    const student = await tab('careless');
    const reply = await student.request(event as 'line:join', payload as { roomId: string });
    expect(reply).toMatchObject({ ok: false, error: { code } });
  });

  it('refuses a socket without a sign-in, and says why', async () => {
    const stranger = new StudentTab(setting.urls[0], 'nonsense');
    tabs.push(stranger);
    const error = await new Promise<Error & { data?: { code: string } }>((resolve) =>
      stranger.socket.on('connect_error', resolve),
    );
    expect(error.data).toMatchObject({ code: 'not_signed_in' });
  });

  it('refuses a socket that another site has opened', async () => {
    const token = await setting.token('cross');
    const foreign = new StudentTab(setting.urls[0], token, {
      extraHeaders: { origin: 'https://evil.example' },
    } as object);
    tabs.push(foreign);
    await new Promise((resolve) => foreign.socket.on('connect_error', resolve));
    expect(foreign.socket.connected).toBe(false);
  });
});
