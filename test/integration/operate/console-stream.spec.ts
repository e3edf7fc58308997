import { type Pod, startPod } from '../../../load/servers/pod';
import { waitFor } from '../../../load/support/wait-for';
import { ConsoleStreamReader } from '../../support/console-stream';
import { OperatorClient } from '../../support/operator';
import { StudentTab } from '../../support/student';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const BEARER = { authorization: `Bearer ${OPERATOR_TOKEN}` };

let pod: Pod;
let operator: OperatorClient;

beforeAll(async () => {
  pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
  operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
});
afterAll(() => pod?.stop());

const open = (headers: Record<string, string> = BEARER): Promise<ConsoleStreamReader> =>
  ConsoleStreamReader.open(pod.url, headers);

const begun = (stream: ConsoleStreamReader): Promise<unknown> =>
  waitFor(() => stream.snapshot !== undefined, { what: 'the snapshot' });

const sum = (values: number[] = []): number => values.reduce((total, value) => total + value, 0);

describe('the stream of the console', () => {
  it('is for operators only', async () => {
    await expect(open({})).rejects.toThrow('401');
  });

  it('begins with everything, and goes on with what changes', async () => {
    await operator.createRoom('told');
    const stream = await open();
    await begun(stream);
    expect(stream.snapshot?.rooms.map(({ id }) => id)).toContain('told');
    expect(stream.snapshot?.terms.map(({ id }) => id)).toContain('20251');
    await operator.call('POST', '/rooms/told/pause');
    const isPaused = (): boolean =>
      stream.ticks.some(({ rooms }) => rooms?.some(({ id, state }) => id === 'told' && state === 'paused'));
    await waitFor(isPaused, { what: 'the paused room' });
    await operator.call('POST', '/terms/20251/stop', { reason: 'A fault' });
    await waitFor(() => stream.ticks.some(({ stops }) => stops?.some(({ reason }) => reason === 'A fault')), {
      what: 'the stop',
    });
    await operator.call('POST', '/terms/20251/start', {});
    await operator.call('POST', '/rooms/told/close');
    await operator.call('POST', '/rooms/told/archive', { note: 'Over' });
    await waitFor(() => stream.ticks.some(({ gone }) => gone?.includes('told')), { what: 'the room to be gone' });
    stream.close();
  });

  it('knows the last minutes of each line, whoever looks later', async () => {
    await operator.createRoom('past');
    const tab = await StudentTab.open(pod.url, 'past-1');
    await tab.join('past');
    await tab.admitted();
    const stream = await open();
    await begun(stream);
    const isKnown = (): boolean => {
      const { joined, admitted } = stream.snapshot?.lines['past'] ?? {};
      return sum(joined) === 1 && sum(admitted) === 1;
    };
    expect(isKnown()).toBe(true);
    const sockets = (): boolean => stream.ticks.some(({ pods }) => pods?.some((one) => one.sockets >= 1));
    await waitFor(sockets, { what: 'the sockets of the pod' });
    stream.close();
    tab.close();
  });

  it('ends when the operator signs out', async () => {
    const signedIn = await fetch(`${pod.url}/api/operator/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: OPERATOR_TOKEN }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const stream = await open({ cookie });
    await begun(stream);
    await fetch(`${pod.url}/api/operator/sign-out`, { method: 'POST', headers: { cookie } });
    await waitFor(() => stream.ended, { what: 'the end of the stream' });
  });

  it('does not hold up a pod that stops', async () => {
    const stream = await open();
    await begun(stream);
    expect(await pod.stop()).toMatchObject({ code: 0 });
    await waitFor(() => stream.ended, { what: 'the end of the stream' });
    expect(pod.output()).not.toContain('drain_cut');
  });
});
