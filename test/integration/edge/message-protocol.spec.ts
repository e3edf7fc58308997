import { waitFor } from '../../../load/support/wait-for';
import { ANSWER, ProtocolPod, QUESTION } from './protocol-pod';
import { RawPolling, RawSocket } from './raw-client';

let pod: ProtocolPod;

beforeAll(async () => {
  pod = await ProtocolPod.start();
});
afterEach(() => pod.closeSockets());
afterAll(() => pod?.stop());

describe('the message protocol (Socket.IO 5)', () => {
  async function opened(): Promise<RawSocket> {
    const socket = pod.raw();
    await socket.next();
    return socket;
  }

  it('connects to the main namespace with a sign-in', async () => {
    const socket = await opened();
    socket.send(`40${JSON.stringify({ token: pod.token })}`);
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
      const socket = await pod.connected();
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
    const socket = await pod.connected();
    for (const frame of frames.split('\n')) socket.send(frame);
    await socket.untilClosed();
  });

  it('closes a connection that never connects to a namespace', async () => {
    await (await opened()).untilClosed();
  });

  it('leaves the namespace on request, keeps the connection for a while, and lets it come back', async () => {
    const socket = await pod.connected();
    socket.send('41');
    const before = socket.pings;
    await waitFor(() => socket.pings > before, { what: 'a ping' });
    socket.send(`40${JSON.stringify({ token: pod.token })}`);
    expect(await socket.next()).toMatch(/^40\{/);
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('closes a connection that has left the namespace and does not come back', async () => {
    const socket = await pod.connected();
    socket.send('41');
    await socket.untilClosed();
  });

  it('answers under the number of the question', async () => {
    const socket = await pod.connected();
    socket.send(`42456${QUESTION}`);
    expect(await socket.next()).toBe(`43456${ANSWER}`);
  });

  it('answers a question without a number with nothing', async () => {
    const socket = await pod.connected();
    socket.send(`42${QUESTION}`);
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('ignores an answer that nobody waits for', async () => {
    const socket = await pod.connected();
    socket.send('4399[1]');
    socket.send(`421${QUESTION}`);
    expect(await socket.next()).toBe(`431${ANSWER}`);
  });

  it('takes messages with attachments, by WebSocket and by long-polling', async () => {
    const message = '451-7["seats:watch",{"_placeholder":true,"num":0}]';
    const refusal = /^437\[\{"ok":false,"error":\{"code":"invalid_input"/;
    const socket = await pod.connected();
    socket.send(message);
    socket.send(Buffer.from([1, 2, 3]));
    expect(await socket.next()).toMatch(refusal);
    const session = await RawPolling.connected(pod.url, pod.token);
    await session.postAll(message, 'bAQID');
    expect(await session.packets(1)).toEqual([expect.stringMatching(refusal)]);
  });

  it('closes a connection that sends an attachment to no message', async () => {
    const socket = await pod.connected();
    socket.send(Buffer.from([1, 2, 3]));
    await socket.untilClosed();
  });
});
