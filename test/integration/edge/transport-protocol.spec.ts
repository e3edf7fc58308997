import { waitFor } from '../../../load/support/wait-for';
import { ANSWER, PING, ProtocolPod, QUESTION } from './protocol-pod';
import { Opening, RawPolling, RawSocket } from './raw-client';

let pod: ProtocolPod;

beforeAll(async () => {
  pod = await ProtocolPod.start();
});
afterEach(() => pod.closeSockets());
afterAll(() => pod?.stop());

const statusOf = async (query: string, method = 'GET'): Promise<number> =>
  (await fetch(`${pod.url}/socket.io/?${query}`, { method })).status;

async function expectSessionGone(session: RawPolling): Promise<void> {
  await waitFor(async () => (await session.poll()).status === 400, { what: 'the session to be gone' });
}

describe('the transport protocol (Engine.IO 4)', () => {
  describe('the handshake', () => {
    const opening = { pingInterval: PING.interval, pingTimeout: PING.timeout, maxPayload: 4_096 };

    it('opens a session by long-polling that can be upgraded', async () => {
      const { opening: given } = await RawPolling.open(pod.url);
      expect(given).toEqual({ ...opening, sid: expect.any(String) as string, upgrades: ['websocket'] });
    });

    it('opens a session by WebSocket', async () => {
      const first = await pod.raw().next();
      expect(first[0]).toBe('0');
      const given = JSON.parse(first.slice(1)) as Opening;
      expect(given).toEqual({ ...opening, sid: expect.any(String) as string, upgrades: [] });
    });

    it.each([
      ['without a version', 'transport=polling'],
      ['with another version', 'EIO=abc&transport=polling'],
      ['without a transport', 'EIO=4'],
      ['with an unknown transport', 'EIO=4&transport=abc'],
      ['by WebSocket without an upgrade', 'EIO=4&transport=websocket'],
      ['with a session that nobody has', 'EIO=4&transport=polling&sid=abc'],
      ['with the name of an inherited property as session', 'EIO=4&transport=polling&sid=__proto__'],
    ])('refuses a request %s', async (_, query) => {
      expect(await statusOf(query)).toBe(400);
    });

    it.each(['POST', 'PUT', 'DELETE'])('refuses to open a session by %s', async (method) => {
      expect(await statusOf('EIO=4&transport=polling', method)).toBe(400);
    });

    it.each(['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4', 'EIO=4&transport=abc'])(
      'closes a WebSocket with %s',
      async (query) => {
        await pod.raw(query).untilClosed();
      },
    );
  });

  describe('messages', () => {
    it('come and go by long-polling, one at a time', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      expect(await session.post(`421${QUESTION}`)).toEqual({ status: 200, text: 'ok' });
      expect(await session.packets(1)).toEqual([`431${ANSWER}`]);
    });

    it('come and go by long-polling, several at a time and in order', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      await session.postAll(`421${QUESTION}`, `422${QUESTION}`, `423${QUESTION}`);
      expect(await session.packets(3)).toEqual([`431${ANSWER}`, `432${ANSWER}`, `433${ANSWER}`]);
    });

    it('close a session by long-polling when they make no sense', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      await session.post('abc').catch(() => undefined);
      await expectSessionGone(session);
    });

    it('close a WebSocket when they make no sense', async () => {
      const socket = pod.raw();
      await socket.next();
      socket.send('abc');
      await socket.untilClosed();
    });

    it('are refused by long-polling beyond the largest payload', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      expect((await session.post(`421["${'x'.repeat(5_000)}"]`)).status).toBe(413);
    });

    it('close a WebSocket beyond the largest payload', async () => {
      const socket = await pod.connected();
      socket.send(`421["${'x'.repeat(5_000)}"]`);
      await socket.untilClosed();
    });

    it('end a session that is polled twice at once', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      const polls = await Promise.all([session.poll(), session.poll()]);
      expect(polls.map(({ status }) => status).sort()).toEqual([200, 400]);
      await expectSessionGone(session);
    });

    it('end a session whose poll is given up', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      const abort = new AbortController();
      const poll = session.poll(abort.signal).catch(() => 'aborted');
      abort.abort();
      expect(await poll).toBe('aborted');
      await expectSessionGone(session);
    });
  });

  describe('the heartbeat', () => {
    it('goes on by long-polling as long as it is answered', async () => {
      const session = await RawPolling.open(pod.url);
      for (let round = 0; round < 3; round += 1) {
        expect(await session.poll()).toEqual({ status: 200, text: '2' });
        expect((await session.post('3')).status).toBe(200);
      }
    });

    it('goes on by WebSocket as long as it is answered', async () => {
      const socket = await pod.connected();
      await waitFor(() => socket.pings >= 3, { what: 'three pings' });
      expect(socket.closed).toBe(false);
    });

    it('ends a session by long-polling that does not answer', async () => {
      const session = await RawPolling.open(pod.url);
      await waitFor(async () => (await session.post('4')).status === 400, { what: 'the session to be gone' });
    });

    it('ends a WebSocket that does not answer', async () => {
      const socket = await pod.connected();
      socket.answersPings = false;
      await socket.untilClosed();
    });

    it('in the wrong direction closes the session', async () => {
      const socket = await pod.connected();
      socket.send('2');
      await socket.untilClosed();
    });
  });

  describe('a close', () => {
    it('ends a session by long-polling, and the poll that waits', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      const [poll] = await Promise.all([session.poll(), session.post('1')]);
      expect(poll).toEqual({ status: 200, text: '6' });
      await expectSessionGone(session);
    });

    it('ends a WebSocket', async () => {
      const socket = await pod.connected();
      socket.send('1');
      await socket.untilClosed();
    });
  });

  describe('the upgrade to WebSocket', () => {
    const upgrade = (session: RawPolling): RawSocket => pod.raw(`EIO=4&transport=websocket&sid=${session.opening.sid}`);

    async function upgraded(): Promise<[RawPolling, RawSocket]> {
      const session = await RawPolling.connected(pod.url, pod.token);
      const socket = upgrade(session);
      await socket.untilOpen();
      const poll = session.poll();
      socket.send('2probe');
      expect(await socket.next()).toBe('3probe');
      expect(await poll).toEqual({ status: 200, text: '6' });
      socket.send('5');
      return [session, socket];
    }

    it('takes the session along', async () => {
      const [, socket] = await upgraded();
      socket.send(`421${QUESTION}`);
      expect(await socket.next()).toBe(`431${ANSWER}`);
    });

    it('leaves nothing to poll', async () => {
      const [session, socket] = await upgraded();
      socket.send(`421${QUESTION}`);
      await socket.next();
      expect((await session.poll()).status).toBe(400);
      expect(socket.closed).toBe(false);
    });

    it('is possible once', async () => {
      const [session, socket] = await upgraded();
      socket.send(`421${QUESTION}`);
      await socket.next();
      await upgrade(session).untilClosed();
      socket.send(`422${QUESTION}`);
      expect(await socket.next()).toBe(`432${ANSWER}`);
    });

    it('that is never finished is given up, and polling goes on', async () => {
      const session = await RawPolling.connected(pod.url, pod.token);
      const probe = upgrade(session);
      await probe.untilOpen();
      let over = false;
      const closed = probe.untilClosed().then(() => (over = true));
      while (!over) {
        const { text } = await session.poll();
        if (text === '2') await session.post('3');
      }
      await session.post(`421${QUESTION}`);
      expect(await session.packets(1)).toEqual([`431${ANSWER}`]);
      await closed;
    });
  });
});
