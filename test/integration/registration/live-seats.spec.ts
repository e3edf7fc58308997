import type { Reply } from '../../../src/contract/errors';
import type { EnrolmentChangedMessage, SectionOutcome, SeatsLeftMessage } from '../../../src/contract/seats';
import { startCluster } from '../../../load/servers/cluster';
import { makeDemoRoom } from '../../support/demo-room';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../../load/servers/pod';
import { signIn, signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const TERM = '20251';
/** Two sections of the demo term that nothing stands between. */
const [WANTED, OTHER] = ['0000162389', '0000162385'] as const;

/** One embedded pod, or two clustered ones: students sit on different pods then. */
interface Setting {
  urls: [string, string];
  roomId: string;
  operator: OperatorClient;
  token(studentId: string): Promise<string>;
  stop(): Promise<void>;
}

async function embedded(): Promise<Setting> {
  const pod: Pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
  const operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
  await operator.createRoom('seats', { termId: TERM });
  return {
    ...{ urls: [pod.url, pod.url], roomId: 'seats', operator },
    token: (studentId) => signIn(pod.url, studentId),
    stop: async () => void (await pod.stop()),
  };
}

async function clustered(): Promise<Setting> {
  const cluster = await startCluster({ pods: 2 });
  const [first, second] = cluster.pods as [Pod, Pod];
  const { roomId } = await makeDemoRoom(cluster, { ratePerSecond: 100, capacity: 100 });
  return {
    ...{ urls: [first.url, second.url], roomId, operator: new OperatorClient(first.url, cluster.operatorToken) },
    token: async (studentId) => (await signInSso(cluster, studentId, first.url)).token,
    stop: () => cluster.stop(),
  };
}

/** A student inside, and what is heard of seats. */
class Inside {
  readonly changes: EnrolmentChangedMessage['changes'] = [];
  readonly seats: SeatsLeftMessage['seats'] = [];
  /** What stands still, one text for each message. */
  readonly stops: string[] = [];
  private keys = 0;
  private admission = '';

  private constructor(readonly tab: StudentTab) {
    tab.socket.on('enrolment:changed', (message) => this.changes.push(...message.changes));
    tab.socket.on('seats:stopped', ({ terms }) => {
      this.stops.push(terms.map(({ termId, reason }) => `${termId}: ${reason}`).join());
    });
    tab.socket.on('seats:left', (message) => this.seats.push(...message.seats));
  }

  static async enter(url: string, token: string, roomId: string): Promise<Inside> {
    const inside = new Inside(new StudentTab(url, token));
    await inside.tab.connected();
    await inside.tab.join(roomId);
    inside.admission = (await inside.tab.admitted()).token;
    return inside;
  }

  async ask(event: 'commit' | 'drop' | 'swap' | 'join' | 'leave' | 'accept', take?: string): Promise<string[]> {
    const { admission } = this;
    const base = { termId: TERM, idempotencyKey: `key ${(this.keys += 1)}` };
    const one = { ...base, sectionId: WANTED };
    const reply = await {
      commit: () => this.tab.request('enrolment:commit', { ...base, sectionIds: [take ?? WANTED], admission }),
      drop: () => this.tab.request('enrolment:drop', one),
      swap: () =>
        this.tab.request('enrolment:swap', { ...base, dropSectionId: WANTED, takeSectionId: take ?? OTHER, admission }),
      join: () => this.tab.request('waitlist:join', { ...one, admission }),
      leave: () => this.tab.request('waitlist:leave', one),
      accept: () => this.tab.request('waitlist:accept', one),
    }[event]();
    return outcomesOf(reply);
  }

  states(): string[] {
    return this.changes.map(({ sectionId, state, by }) => `${sectionId === WANTED ? '' : 'other '}${state} ${by}`);
  }
}

function outcomesOf(reply: Reply): string[] {
  if (!reply.ok) return [reply.error.code];
  const { results } = reply as unknown as { results: SectionOutcome[] };
  return results.map(({ outcome, error }) => error?.code ?? outcome);
}

describe.each([
  ['one embedded pod', embedded],
  ['two clustered pods', clustered],
])('seats and waitlists over the socket on %s', (_, start) => {
  let setting: Setting;
  const open: Inside[] = [];

  beforeAll(async () => (setting = await start()));
  afterAll(async () => {
    for (const { tab } of open) tab.close();
    await setting.stop();
  });

  const enter = async (studentId: string, pod: 0 | 1): Promise<Inside> => {
    const student = await Inside.enter(setting.urls[pod], await setting.token(studentId), setting.roomId);
    open.push(student);
    return student;
  };

  it('promotes the head of the waitlist when somebody drops or swaps, and tells all that concerns', async () => {
    await setting.operator.call('PATCH', `/terms/${TERM}/sections/${WANTED}`, { capacity: 1, note: 'test' });
    const [first, second, third] = await Promise.all([enter('first', 0), enter('second', 1), enter('third', 0)]);
    expect(await first.ask('commit')).toEqual(['enrolled']);
    expect(await second.ask('join')).toEqual(['waitlisted']);
    expect(await third.ask('join')).toEqual(['waitlisted']);
    expect(await third.ask('join')).toEqual(['already_waitlisted']);
    const watcher = await enter('watcher', 1);
    expect((await watcher.tab.request('seats:watch', { termId: TERM, sectionIds: [WANTED] })).ok).toBe(true);
    expect(await first.ask('swap')).toEqual(['dropped', 'enrolled']);
    await waitFor(() => second.states().includes('enrolled promotion'), { what: 'the promotion' });
    expect(first.states()).toEqual(['enrolled commit', 'dropped swap', 'other enrolled swap']);
    await setting.operator.call('PATCH', `/terms/${TERM}/sections/${WANTED}`, { waitlist: 'offer' });
    expect(await second.ask('drop')).toEqual(['dropped']);
    await waitFor(() => third.states().includes('offered promotion'), { what: 'the offer' });
    expect(await watcher.ask('commit')).toEqual(['section_full']);
    expect(await third.ask('accept')).toEqual(['enrolled']);
    expect(third.states()).toEqual(['waitlisted waitlist', 'offered promotion', 'enrolled promotion']);
    expect(await third.ask('leave')).toEqual(['not_waitlisted']);
    await third.ask('drop');
    await waitFor(() => watcher.seats.at(-1)?.[1] === 1, { what: 'the free seat' });
    expect(watcher.seats.slice(0, -1).every(([, left]) => left === 0)).toBe(true);
  });

  it('says on every pod that all seats stand still, why, and when they may change again', async () => {
    const student = await enter('stopped', 1);
    await setting.operator.call('POST', `/terms/${TERM}/stop`, { reason: 'The catalogue is wrong.' });
    await waitFor(() => student.stops.length > 0, { what: 'the word of the stop' });
    expect(await student.ask('commit')).toEqual(['seats_stopped']);
    const newcomer = await enter('newcomer', 0);
    await waitFor(() => newcomer.stops.length > 0, { what: 'the word of the stop to who comes later' });
    expect([...student.stops, ...newcomer.stops]).toEqual(Array(2).fill(`${TERM}: The catalogue is wrong.`));
    await setting.operator.call('POST', `/terms/${TERM}/start`);
    for (const one of [student, newcomer]) {
      await waitFor(() => one.stops.at(-1) === '', { what: 'the word that it is over' });
    }
    expect(await student.ask('commit')).toEqual(['enrolled']);
  });
});
