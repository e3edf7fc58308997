import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '../../src/contract/events';
import type { LineJoinRequest } from '../../src/contract/line';
import { Agenda } from '../support/agenda';
import { SeededRandom } from '../support/random';
import { waitFor } from '../support/wait-for';
import type { StudentPlan } from './plan';
import { Student } from './student';

/** As much of a service as gives everybody the same place. */
class TestService {
  readonly io: Server<ClientToServerEvents, ServerToClientEvents>;
  /** How the place was asked for. */
  readonly joins: LineJoinRequest[] = [];

  private constructor(private readonly http: ReturnType<typeof createServer>) {
    this.io = new Server(http);
    this.io.on('connection', (socket) =>
      socket.on('line:join', (request, acknowledge) => {
        this.joins.push(request);
        acknowledge({ ok: true, state: 'waiting' });
        const room = { roomId: 'fall', termId: 't', name: 'Fall', state: 'open' as const, opensAt: 0, notice: '' };
        socket.emit('line:ticket', {
          ...{ roomId: 'fall', ticket: 'signed', number: 7, state: 'waiting', position: 5, total: 9, sequence: 31 },
          room: { ...room, ratePerSecond: 10, serverTime: Date.now() },
        });
      }),
    );
  }

  static async start(): Promise<TestService> {
    const http = createServer();
    const service = new TestService(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }
}

describe('a tab of a simulated student', () => {
  const agenda = new Agenda();
  let service: TestService;
  let pod: TestService;
  let student: Student;

  beforeEach(async () => {
    [service, pod] = await Promise.all([TestService.start(), TestService.start()]);
  });
  afterEach(async () => {
    student.goHome();
    await Promise.all([service.io.close(), pod.io.close()]);
  });
  afterAll(() => agenda.stop());

  async function arrive({ routes = [], troubles = {} }: Partial<StudentPlan> = {}): Promise<Student> {
    const plan = { ordinal: 1, studentId: 'haneul', token: 'token', wishes: [], arriveAt: 0, routes, troubles };
    student = new Student(
      plan,
      {
        ...{ url: service.url, podUrls: [pod.url], roomId: 'fall', termId: 't', agenda, random: new SeededRandom('1') },
        ...{ positionAges: [], now: () => Date.now() },
        pace: { client: { firstBackoffMs: 1, longestBackoffMs: 2 }, retryMs: { least: 0, most: 0 } },
      },
      () => undefined,
    );
    student.arrive();
    await waitFor(() => student.tabs[0]?.isPlaced, { what: 'the place' });
    return student;
  }

  const JOINED = { roomId: 'fall', extrapolates: true };
  const RESUMED = { ...JOINED, ticket: 'signed', seenSequence: 31, resume: true };

  it('comes back after a reload with what its browser remembers', async () => {
    const [tab] = (await arrive()).tabs;
    tab?.close();
    expect(tab).toMatchObject({ isConnected: false, isPlaced: false });
    tab?.open();
    await waitFor(() => tab?.isPlaced, { what: 'the place again' });
    expect(service.joins).toEqual([JOINED, RESUMED]);
  });

  it.each([
    ['asks with what another tab of the browser remembers', false, RESUMED],
    ['asks anew on another device', true, JOINED],
  ])('%s', async (_, secondIsDevice, request) => {
    await arrive({ troubles: { secondTabAfter: 0, secondIsDevice } });
    await waitFor(() => student.tabs[1]?.isPlaced, { what: 'the place in the second tab' });
    expect(service.joins).toEqual([JOINED, request]);
  });

  it('turns from the pod of its own choice to the common address once it has lost it', async () => {
    const [tab] = (await arrive({ routes: [{ pod: 0 }] })).tabs;
    expect([pod.joins, service.joins]).toEqual([[JOINED], []]);
    void pod.io.close();
    await waitFor(() => service.joins.length > 0 && tab?.isPlaced, { what: 'the place again' });
    expect(service.joins).toEqual([RESUMED]);
    expect(student.record.cuts).toMatchObject([{ pod: 0 }]);
  });

  it('says when its network is cut, and comes back by itself', async () => {
    const [tab] = (await arrive()).tabs;
    tab?.cut();
    await waitFor(() => service.joins.length > 1 && tab?.isPlaced, { what: 'the place again' });
    expect(service.joins.at(-1)).toEqual(RESUMED);
    expect(student.record).toMatchObject({ cuts: [], presence: [{ to: expect.any(Number) as number }, {}] });
  });
});
