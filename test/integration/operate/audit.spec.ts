import type { AuditEntry, AuditPage, StudentFile } from '../../../src/contract/operate/console';
import { type Pod, startPod } from '../../../load/servers/pod';
import { OperatorClient } from '../../support/operator';
import { StudentTab } from '../../support/student';

const TOKEN = 'a-token-for-these-tests-only-0123456789';

let pod: Pod;
let operator: OperatorClient;

beforeAll(async () => {
  pod = await startPod({ env: { OPERATOR_TOKENS: `Minji:${TOKEN}` } });
  operator = new OperatorClient(pod.url, TOKEN);
});
afterAll(() => pod?.stop());

const audit = (query = ''): Promise<AuditPage> => operator.call('GET', `/audit${query}`);

describe('the audit', () => {
  it('says what was changed of a room, from what to what, and never the seed of its lottery', async () => {
    await operator.createRoom('drawn', { lottery: true, opensAt: Date.now() + 3_600_000, ratePerSecond: 5 });
    await operator.changeRoom('drawn', { ratePerSecond: 7, notice: 'Faster' });
    const { entries } = await audit('?roomId=drawn');
    expect(entries.map(({ operator: by, act }) => [by, act])).toEqual([
      ['Minji', 'change'],
      ['Minji', 'create'],
    ]);
    expect(entries[0]?.changes).toEqual([
      { setting: 'ratePerSecond', from: 5, to: 7 },
      { setting: 'notice', from: '', to: 'Faster' },
    ]);
    expect(JSON.stringify(entries)).not.toContain('lotterySeed');
  });

  it('holds what was done to rooms, to seats and to students, with the reasons, newest first', async () => {
    await operator.createRoom('all-kinds', { ratePerSecond: 0 });
    const tab = await StudentTab.open(pod.url, 'kinds-1');
    await tab.join('all-kinds');
    await operator.call('POST', '/rooms/all-kinds/students/kinds-1/admit', { note: 'Accommodation' });
    await operator.call('POST', '/terms/20251/stop', { reason: 'A fault' });
    await operator.call('POST', '/terms/20251/start', {});
    await operator.call('DELETE', '/rooms/all-kinds/students/kinds-1', { note: 'Asked for it' });
    const told = (await audit()).entries.slice(0, 5).map(({ about, act, note }) => [about, act, note]);
    expect(told).toEqual([
      ['operator', 'remove', 'Asked for it'],
      ['seats', 'start', ''],
      ['seats', 'stop', 'A fault'],
      ['operator', 'admit', 'Accommodation'],
      ['room', 'create', ''],
    ]);
    const ofStudent = (await audit('?studentId=kinds-1')).entries.map(({ act }) => act);
    expect(ofStudent).toEqual(['remove', 'admit']);
    tab.close();
  });

  it('is read page by page, everything once', async () => {
    const whole = (await audit('?limit=200')).entries.map(({ id }) => id);
    const paged: AuditEntry[] = [];
    for (let next: number | null | undefined; next !== null;) {
      const page: AuditPage = await audit(`?limit=2${next === undefined ? '' : `&before=${next}`}`);
      paged.push(...page.entries);
      next = page.next;
    }
    expect(paged.map(({ id }) => id)).toEqual(whole);
  });
});

describe('what is known of a student', () => {
  const file = (studentId: string): Promise<StudentFile> => operator.call('GET', `/students/${studentId}`);

  it('is where they stand, and how it came, in the order of the trail', async () => {
    await operator.createRoom('where', { ratePerSecond: 0 });
    const ahead = await StudentTab.open(pod.url, 'where-1');
    await ahead.join('where');
    const tab = await StudentTab.open(pod.url, 'where-2');
    await tab.join('where');
    const waiting = await file('where-2');
    const placeIn = ({ rooms }: StudentFile) => rooms.find(({ roomId }) => roomId === 'where')?.place;
    expect(placeIn(waiting)).toMatchObject({ state: 'waiting', number: 2, position: 2 });
    expect([waiting.student.id, waiting.signedIn, waiting.sockets]).toEqual(['where-2', true, 1]);
    await operator.call('POST', '/rooms/where/students/where-2/admit', { note: 'Accommodation' });
    await tab.admitted();
    const inside = await file('where-2');
    expect(placeIn(inside)).toMatchObject({ state: 'admitted', number: 2 });
    const told = inside.trail.filter(({ type }) => type !== 'acknowledged').map(({ type, note }) => [type, note]);
    expect(told).toEqual([
      ['admitted', 'Accommodation'],
      ['joined', undefined],
    ]);
    for (const one of [ahead, tab]) one.close();
  });

  it('is nothing of whom nobody has ever seen', async () => {
    await expect(file('never-seen')).rejects.toMatchObject({ error: { code: 'not_found' } });
  });
});
