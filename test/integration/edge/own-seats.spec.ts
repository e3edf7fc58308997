import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { memoryStorage } from '../../../client/sdk/storage';
import { SunbeonClient } from '../../../client/sdk/sunbeon-client';
import type { ClientToServerEvents, ServerToClientEvents } from '../../../src/contract/events';
import type { EnrolmentState } from '../../../src/contract/seats';
import { waitFor } from '../../../load/support/wait-for';

const TERM_ID = '20251';
const SECTION_ID = '0000162389';

/** As much of the service as takes an offered seat, and says what the test lets it say. */
describe('our own client that took an offered seat', () => {
  let http: HttpServer;
  let service: Server<ClientToServerEvents, ServerToClientEvents>;
  let client: SunbeonClient;
  let socket: Socket<ClientToServerEvents, ServerToClientEvents>;

  beforeEach(async () => {
    http = createServer();
    service = new Server(http);
    const connected = new Promise<typeof socket>((resolve) => service.on('connection', resolve));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    client = new SunbeonClient({
      url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      storage: memoryStorage(),
    });
    client.acceptSignIn({ token: 'none', student: { id: 'me', name: 'Me' } });
    client.connect();
    socket = await connected;
    socket.on('waitlist:accept', ({ sectionId }, acknowledge) =>
      acknowledge({ ok: true, results: [{ sectionId, outcome: 'enrolled' }] }),
    );
    await waitFor(() => client.state.connection === 'connected', { what: 'the socket' });
    await client.acceptOffer(TERM_ID, SECTION_ID);
  });

  afterEach(async () => {
    client.end();
    await service.close();
  });

  async function tell(state: EnrolmentState, by: 'drop' | 'promotion'): Promise<void> {
    const before = client.state.enrolmentChanges;
    socket.emit('enrolment:changed', { termId: TERM_ID, changes: [{ sectionId: SECTION_ID, state, by }] });
    await waitFor(() => client.state.enrolmentChanges > before, { what: `the word of ${state}` });
  }

  it('does not tell the student of it as news', async () => {
    await tell('enrolled', 'promotion');
    expect(client.state.news).toEqual([]);
  });

  it('tells of a later seat from the waitlist also when the word of the first one was lost', async () => {
    await tell('dropped', 'drop');
    await tell('enrolled', 'promotion');
    expect(client.state.news).toMatchObject([{ sectionId: SECTION_ID, state: 'enrolled', by: 'promotion' }]);
  });
});
