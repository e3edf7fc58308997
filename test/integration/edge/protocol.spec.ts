import { Pod, startPod } from '../../support/pod';
import { signIn } from '../../support/student';
import { waitFor } from '../../support/wait-for';
import { Opening, RawPolling, RawSocket } from './raw-client';

const PING_INTERVAL_MS = 300;
const PING_TIMEOUT_MS = 200;

/** A question that every signed-in socket may ask, and its answer. */
const QUESTION = '["seats:watch",{"termId":"any","sectionIds":[]}]';
const ANSWER = '[{"ok":true}]';

let pod: Pod;
let token: string;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  pod = await startPod({
    env: {
      PING_INTERVAL_MS: String(PING_INTERVAL_MS),
      PING_TIMEOUT_MS: String(PING_TIMEOUT_MS),
      CONNECT_TIMEOUT_MS: '1000',
    },
  });
  token = await signIn(pod.url, 'protocol');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(() => pod.stop());

function raw(query?: string): RawSocket {
  const socket = new RawSocket(pod.url, query);
  sockets.push(socket);
  return socket;
}

async function connected(): Promise<RawSocket> {
  const socket = await RawSocket.connected(pod.url, token);
  sockets.push(socket);
  return socket;
}

const statusOf = async (query: string, method = 'GET'): Promise<number> =>
  (await fetch(`${pod.url}/socket.io/?${query}`, { method })).status;

async function expectSessionGone(session: RawPolling): Promise<void> {
  await waitFor(async () => (await session.poll()).status === 400, { what: 'the session to be gone' });
}

describe('the transport protocol (Engine.IO 4)', () => {
  describe('the handshake', () => {
    const opening = { pingInterval: PING_INTERVAL_MS, pingTimeout: PING_TIMEOUT_MS, maxPayload: 4_096 };

    it('opens a session by long-polling that can be upgraded', async () => {
      const { opening: given } = await RawPolling.open(pod.url);
      expect(given).toEqual({ ...opening, sid: expect.any(String) as string, upgrades: ['websocket'] });
    });

    it('opens a session by WebSocket', async () => {
      const first = await raw().next();
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
        await raw(query).untilClosed();
      },
    );
  });

  describe('messages', () => {
    it('come and go by long-polling, one at a time', async () => {
      const session = await RawPolling.connected(pod.url, token);
      expect(await session.post(`421${QUESTION}`)).toEqual({ status: 200, text: 'ok' });
      expect(await session.packets(1)).toEqual([`431${ANSWER}`]);
    });

    it('come and go by long-polling, several at a time and in order', async () => {
      const session = await RawPolling.connected(pod.url, token);
      await session.postAll(`421${QUESTION}`, `422${QUESTION}`, `423${QUESTION}`);
      expect(await session.packets(3)).toEqual([`431${ANSWER}`, `432${ANSWER}`, `433${ANSWER}`]);
    });

    it('close a session by long-polling when they make no sense', async () => {
      const session = await RawPolling.connected(pod.url, token);
      await session.post('abc').catch(() => undefined);
      await expectSessionGone(session);
    });

    it('close a WebSocket when they make no sense', async () => {
      const socket = raw();
      await socket.next();
      socket.send('abc');
      await socket.untilClosed();
    });

    it('are refused by long-polling beyond the largest payload', async () => {
      const session = await RawPolling.connected(pod.url, token);
      expect((await session.post(`421["${'x'.repeat(5_000)}"]`)).status).toBe(413);
    });

    it('close a WebSocket beyond the largest payload', async () => {
      const socket = await connected();
      socket.send(`421["${'x'.repeat(5_000)}"]`);
      await socket.untilClosed();
    });

    it('end a session that is polled twice at once', async () => {
      const session = await RawPolling.connected(pod.url, token);
      const polls = await Promise.all([session.poll(), session.poll()]);
      expect(polls.map(({ status }) => status).sort()).toEqual([200, 400]);
      await expectSessionGone(session);
    });

    it('end a session whose poll is given up', async () => {
      const session = await RawPolling.connected(pod.url, token);
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
      const socket = await connected();
      await waitFor(() => socket.pings >= 3, { what: 'three pings' });
      expect(socket.closed).toBe(false);
    });

    it('ends a session by long-polling that does not answer', async () => {
      const session = await RawPolling.open(pod.url);
      await waitFor(async () => (await session.post('4')).status === 400, { what: 'the session to be gone' });
    });

    it('ends a WebSocket that does not answer', async () => {
      const socket = await connected();
      socket.answersPings = false;
      await socket.untilClosed();
    });

    it('in the wrong direction closes the session', async () => {
      const socket = await connected();
      socket.send('2');
      await socket.untilClosed();
    });
  });

  describe('a close', () => {
    it('ends a session by long-polling, and the poll that waits', async () => {
      const session = await RawPolling.connected(pod.url, token);
      const [poll] = await Promise.all([session.poll(), session.post('1')]);
      expect(poll).toEqual({ status: 200, text: '6' });
      await expectSessionGone(session);
    });

    it('ends a WebSocket', async () => {
      const socket = await connected();
      socket.send('1');
      await socket.untilClosed();
    });
  });

  describe('the upgrade to WebSocket', () => {
    const upgrade = (session: RawPolling): RawSocket => raw(`EIO=4&transport=websocket&sid=${session.opening.sid}`);

    async function upgraded(): Promise<[RawPolling, RawSocket]> {
      const session = await RawPolling.connected(pod.url, token);
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
      const session = await RawPolling.connected(pod.url, token);
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

describe('the message protocol (Socket.IO 5)', () => {
  async function opened(): Promise<RawSocket> {
    const socket = raw();
    await socket.next();
    return socket;
  }

  it('connects to the main namespace with a sign-in', async () => {
    const socket = await opened();
    socket.send(`40${JSON.stringify({ token })}`);
    const answer = await socket.next();
    expect(answer).toMatch(/^40\{/);
    expect(JSON.parse(answer.slice(2))).toEqual({ sid: expect.any(String) as string });
  });

  it('refuses to connect without one, and says why', async () => {
    const socket = await opened();
    socket.send('40');
    const answer = await socket.next();
    expect(answer).toMatch(/^44\{/);
    expect(JSON.parse(answer.slice(2))).toMatchObject({ message: 'not_signed_in', data: { code: 'not_signed_in' } });
  });

  it.each(['/random', '/__proto__', '/admin?x=1'])(
    'refuses the unknown namespace %s, and goes on in ours',
    async (name) => {
      const socket = await connected();
      socket.send(`40${name},`);
      expect(await socket.next()).toBe(`44${name},{"message":"Invalid namespace"}`);
      socket.send(`421${QUESTION}`);
      expect(await socket.next()).toBe(`431${ANSWER}`);
    },
  );

  it.each([
    ['a message before it has connected', `42${QUESTION}`],
    ['a packet of an unknown type', '4abc'],
    ['a packet without content', '4'],
    ['an answer to nothing', '431[]'],
  ])('closes a connection that sends %s', async (_, frame) => {
    const socket = await opened();
    socket.send(frame);
    await socket.untilClosed();
  });

  it.each([
    ['a second CONNECT', '40'],
    ['a message for a namespace that it is not in', '42/other,["line:join"]'],
    ['an event without a name', '42[]'],
    ['a reserved event', '42["disconnect"]'],
    ['another reserved event', '42["connect_error",{}]'],
    ['an event that is no list', '42{"line:join":1}'],
    ['broken JSON', '42["line:join",'],
    ['a CONNECT_ERROR', '44{"message":"x"}'],
    ['more attachments than there may be', '4511-["line:join"]'],
    ['a text where an attachment was announced', '451-["line:join",{"_placeholder":true,"num":0}]\n42["x"]'],
  ])('closes a connection that sends %s', async (_, frames) => {
    const socket = await connected();
    for (const frame of frames.split('\n')) socket.send(frame);
    await socket.untilClosed();
  });

  it('closes a connection that never connects to a namespace', async () => {
    await (await opened()).untilClosed();
  });

  it('leaves the namespace on request, keeps the connection for a while, and lets it come back', async () => {
    const socket = await connected();
    socket.send('41');
    const before = socket.pings;
    await waitFor(() => socket.pings > before, { what: 'a ping' });
    socket.send(`40${JSON.stringify({ token })}`);
    expect(await socket.next()).toMatch(/^40\{/);
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('closes a connection that has left the namespace and does not come back', async () => {
    const socket = await connected();
    socket.send('41');
    await socket.untilClosed();
  });

  it('answers under the number of the question', async () => {
    const socket = await connected();
    socket.send(`42456${QUESTION}`);
    expect(await socket.next()).toBe(`43456${ANSWER}`);
  });

  it('answers a question without a number with nothing', async () => {
    const socket = await connected();
    socket.send(`42${QUESTION}`);
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('ignores an answer that nobody waits for', async () => {
    const socket = await connected();
    socket.send('4399[1]');
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('takes messages with attachments, by WebSocket and by long-polling', async () => {
    const message = '451-7["seats:watch",{"_placeholder":true,"num":0}]';
    const refusal = /^437\[\{"ok":false,"error":\{"code":"invalid_input"/;
    const socket = await connected();
    socket.send(message);
    socket.send(Buffer.from([1, 2, 3]));
    expect(await socket.next()).toMatch(refusal);
    const session = await RawPolling.connected(pod.url, token);
    await session.postAll(message, 'bAQID');
    expect(await session.packets(1)).toEqual([expect.stringMatching(refusal)]);
  });

  it('closes a connection that sends an attachment to no message', async () => {
    const socket = await connected();
    socket.send(Buffer.from([1, 2, 3]));
    await socket.untilClosed();
  });
});
