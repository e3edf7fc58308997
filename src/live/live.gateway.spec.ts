import type { AdmissionService } from '../admission/admission.service';
import type { LineService } from '../line/line.service';
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
