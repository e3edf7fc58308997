import type { AdmissionService } from '../admission/admission.service';
import { DomainError } from '../common/domain-error';
import type { JoinOptions, LineService } from '../line/line.service';
import type { EnrolmentService } from '../registration/students/enrolment.service';
import { EarlyArrivals } from './early-arrivals';
import { LiveGateway } from './live.gateway';
import { LiveSessions } from './live-sessions';
import type { LineAnnouncer } from './push/line-announcer';
import type { SeatsWatch } from './push/seats-watch';
import type { StopAnnouncer } from './push/stop-announcer';
import type { LiveSocket } from './session';

describe('a message that came with the end of its socket', () => {
  const lines = { line: () => undefined, has: () => true, join: jest.fn(), detachEverywhere: () => undefined };
  const seats = { watch: jest.fn(), forget: () => undefined };
  let sessions: LiveSessions;
  let gateway: LiveGateway;
  let socket: LiveSocket;

  beforeEach(() => {
    jest.clearAllMocks();
    sessions = new LiveSessions();
    const lineService = lines as unknown as LineService;
    gateway = new LiveGateway(
      ...([lineService, {} as AdmissionService, {} as LineAnnouncer, sessions] as const),
      ...([seats as unknown as SeatsWatch, { greet: () => undefined } as unknown as StopAnnouncer] as const),
      ...([{} as EnrolmentService, new EarlyArrivals(lineService)] as const),
    );
    socket = { id: 'tab', connected: true, data: { studentId: 's1' }, join: () => undefined } as unknown as LiveSocket;
    gateway.handleConnection(socket);
    socket.connected = false;
    gateway.handleDisconnect(socket);
  });

  it('takes no place, which nobody would ever let go of', async () => {
    const joined = gateway.join(socket, { roomId: 'fall' }, jest.fn());
    await expect(joined).rejects.toMatchObject({ code: 'not_in_line' });
    expect(lines.join).not.toHaveBeenCalled();
    expect(sessions.inRoom('fall').size).toBe(0);
  });

  it('watches no seats', async () => {
    const watched = gateway.watch(socket, { termId: '20251', sectionIds: ['1'] }, jest.fn());
    await expect(watched).rejects.toMatchObject({ code: 'not_in_line' });
    expect(seats.watch).not.toHaveBeenCalled();
  });
});

describe('the instant at which a window opens', () => {
  /** The line's clock, which goes on with every look at it. */
  let now = 0;
  const OPENS_AT = 10;
  const taken: string[] = [];
  const lines = {
    line: () => undefined,
    has: () => true,
    now: () => (now += 1),
    opensLater: () => (now < OPENS_AT ? OPENS_AT : undefined),
    join: jest.fn((_roomId: string, studentId: string, _socketId: string, { onPassed }: JoinOptions) => {
      if ((now += 2) < OPENS_AT) return Promise.reject(new DomainError('window_not_open', 'Not yet.'));
      onPassed?.();
      taken.push(studentId);
      return Promise.resolve();
    }),
  };

  it('takes nobody before those who came earlier, though it comes between two looks at the clock', async () => {
    const lineService = lines as unknown as LineService;
    const early = new EarlyArrivals(lineService);
    const gateway = new LiveGateway(
      ...([lineService, {} as AdmissionService, {} as LineAnnouncer, new LiveSessions()] as const),
      ...([{} as SeatsWatch, { greet: () => undefined } as unknown as StopAnnouncer] as const),
      ...([{} as EnrolmentService, early] as const),
    );
    const ask = (studentId: string): Promise<void> => {
      const socket = { id: studentId, connected: true, data: { studentId }, join: () => undefined };
      gateway.handleConnection(socket as unknown as LiveSocket);
      return gateway.join(socket as unknown as LiveSocket, { roomId: 'fall' }, jest.fn()).catch(() => undefined);
    };
    await ask('first');
    // Whatever looks at the clock before the door does sees the window shut.
    now = OPENS_AT - 2;
    await ask('second');
    early.onApplicationShutdown();
    expect(taken).toEqual(['first', 'second']);
  });
});
