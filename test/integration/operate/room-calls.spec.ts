import { Redis } from 'ioredis';
import { type Cluster, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../../load/servers/pod';
import { waitFor } from '../../../load/support/wait-for';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

/** The operator API of each pod; of the same one twice when there is one only. */
interface Setting {
  operators: [OperatorClient, OperatorClient];
  /** What the line's store holds of a room outside the process. */
  keysOf(roomId: string): Promise<string[]>;
  stop(): Promise<unknown>;
}

async function embedded(): Promise<Setting> {
  const pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
  const operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
  return { operators: [operator, operator], keysOf: () => Promise.resolve([]), stop: () => pod.stop() };
}

async function clustered(): Promise<Setting> {
  const cluster: Cluster = await startCluster({ pods: 2 });
  const [one, two] = cluster.pods as [Pod, Pod];
  const operator = ({ url }: Pod): OperatorClient => new OperatorClient(url, cluster.operatorToken);
  const redis = new Redis(cluster.redis.url);
  return {
    operators: [operator(one), operator(two)],
    keysOf: (roomId) => redis.keys(`*{${roomId}}*`),
    stop: () => {
      redis.disconnect();
      return cluster.stop();
    },
  };
}

const TIMES = Array.from({ length: 10 }, (_, index) => index);

describe.each([
  ['one embedded pod', embedded],
  ['two clustered pods', clustered],
])('the operator calls of a room on %s', (_, start) => {
  let setting: Setting;
  let operators: Setting['operators'];
  let rooms = 0;

  beforeAll(async () => ({ operators } = setting = await start()));
  afterAll(() => setting.stop());

  const newId = (): string => `calls-${(rooms += 1)}`;

  const refusal = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'none',
      ({ error }: { error?: { code: string } }) => error?.code,
    );

  it('make a room once, whoever makes it at the same time', async () => {
    const id = newId();
    const made = await Promise.all(TIMES.map((time) => refusal(operators[time % 2 ? 1 : 0].createRoom(id))));
    expect(made.sort()).toEqual([...TIMES.slice(1).map(() => 'conflict'), 'none']);
  });

  it('lose no change of several at the same time', async () => {
    const id = newId();
    await operators[0].createRoom(id);
    const changes = ['name', 'capacity', 'ratePerSecond', 'leaseSeconds', 'noShowSeconds', 'graceSeconds'];
    const values = ['Changed', 7, 1.5, 700, 50, 70];
    const answers = await Promise.all(
      changes.map((name, index) => operators[index % 2 ? 1 : 0].changeRoom(id, { [name]: values[index] })),
    );
    expect(answers.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
    expect(answers.find(({ version }) => version === 7)).toMatchObject({
      ...{ name: 'Changed', capacity: 7, ratePerSecond: 1.5, leaseMs: 700_000, noShowMs: 50_000, graceMs: 70_000 },
    });
  });

  it('answer with the state that the call has brought about', async () => {
    const id = newId();
    const later = Date.now() + 3_600_000;
    expect(await operators[0].createRoom(id, { opensAt: later })).toMatchObject({ state: 'scheduled' });
    const answers: unknown[] = [];
    for (const act of ['pause', 'resume', 'drain', 'close']) {
      answers.push((await operators[answers.length % 2 ? 1 : 0].call('POST', `/rooms/${id}/${act}`)).state);
    }
    expect(answers).toEqual(['paused', 'scheduled', 'draining', 'closed']);
    expect(await operators[0].changeRoom(id, { control: 'auto', opensAt: Date.now() })).toMatchObject({
      state: 'open',
    });
  });

  it('are in force on every pod, whichever took them', async () => {
    const id = newId();
    await operators[0].createRoom(id);
    const change = {
      name: 'Late',
      notice: 'Soon',
      capacity: 3,
      ratePerSecond: 0.3,
      opensAt: Date.now(),
      control: 'paused',
    };
    const { version } = await operators[1].changeRoom(id, { ...change, leaseSeconds: 600.0006 });
    for (const operator of operators) {
      const isInForce = async (): Promise<boolean> => {
        const room = await operator.call('GET', `/rooms/${id}`);
        return room.version === version && room.state === 'paused';
      };
      await waitFor(isInForce, { what: 'the change' });
      expect(await operator.call('GET', `/rooms/${id}`)).toMatchObject({ ...change, leaseMs: 600_001 });
    }
  });

  it('name what is wrong with them, in the path too', async () => {
    const problems = (call: Promise<unknown>): Promise<unknown> =>
      call.then(
        () => [],
        ({ error }: { error?: { details?: { problems?: { path: string }[] } } }) =>
          error?.details?.problems?.map(({ path }) => path),
      );
    expect(await problems(operators[0].createRoom('Fall!', { capacity: -1, opensAt: 'soon' }))).toEqual([
      ...['id', 'opensAt', 'capacity'],
    ]);
    expect(await problems(operators[0].changeRoom('Fall!', { capacity: 1 }))).toEqual(['roomId']);
    expect(await problems(operators[0].createRoom(newId(), { site: false, termId: 'misspelt' }))).toEqual(['termId']);
  });

  describe('at the end of a room', () => {
    const note = { note: 'the term is over' };
    const ids = async (operator: OperatorClient, query = ''): Promise<unknown[]> => {
      const rooms = await operator.call<{ id: string }[]>('GET', `/rooms${query}`);
      return rooms.map(({ id }) => id);
    };
    const everywhere = (id: string, isThere: boolean) =>
      waitFor(async () => {
        const lists = await Promise.all(operators.map((operator) => ids(operator)));
        return lists.every((list) => list.includes(id) === isThere);
      });
    const made = async (): Promise<string> => {
      const id = newId();
      await operators[0].createRoom(id);
      await everywhere(id, true);
      return id;
    };
    const archived = async (): Promise<string> => {
      const id = await made();
      await operators[0].call('POST', `/rooms/${id}/close`);
      await operators[1].call('POST', `/rooms/${id}/archive`, note);
      return id;
    };

    it('put it away, on every pod, only when it is closed, and take it back closed as it was', async () => {
      const id = await made();
      expect(await refusal(operators[0].call('POST', `/rooms/${id}/archive`, note))).toBe('conflict');
      expect(await refusal(operators[0].call('POST', `/rooms/${id}/archive`, {}))).toBe('invalid_input');
      await operators[0].call('POST', `/rooms/${id}/close`);
      const { archivedAt } = await operators[1].call<{ archivedAt: number }>('POST', `/rooms/${id}/archive`, note);
      expect(archivedAt).toBeGreaterThan(0);
      await everywhere(id, false);
      expect(await refusal(operators[0].call('GET', `/rooms/${id}`))).toBe('room_not_found');
      expect(await refusal(operators[0].changeRoom(id, { control: 'auto' }))).toBe('conflict');
      expect(await ids(operators[1], '?archived=true')).toContain(id);
      await operators[0].call('POST', `/rooms/${id}/restore`, note);
      await everywhere(id, true);
      await waitFor(async () => (await operators[1].call<{ state: string }>('GET', `/rooms/${id}`)).state === 'closed');
    });

    it('free its line in the store', async () => {
      const id = await archived();
      expect(await setting.keysOf(id)).toEqual([]);
    });

    it('delete it only when it is archived, and let another one have its id', async () => {
      const id = await made();
      expect(await refusal(operators[0].call('DELETE', `/rooms/${id}`, note))).toBe('conflict');
      await operators[0].call('POST', `/rooms/${id}/close`);
      await operators[0].call('POST', `/rooms/${id}/archive`, note);
      expect(await refusal(operators[0].createRoom(id))).toBe('conflict');
      await operators[1].call('DELETE', `/rooms/${id}`, note);
      expect(await refusal(operators[0].call('DELETE', `/rooms/${id}`, note))).toBe('room_not_found');
      expect(await ids(operators[1], '?archived=true')).not.toContain(id);
      const { version } = await operators[0].createRoom(id);
      expect(version).toBe(5);
      await everywhere(id, true);
      const open = async (operator: OperatorClient) => {
        const { state, epoch } = await operator.call<{ state: string; epoch: number }>('GET', `/rooms/${id}`);
        return state === 'open' && epoch === 1;
      };
      await waitFor(async () => (await Promise.all(operators.map(open))).every(Boolean));
    });
  });
});
