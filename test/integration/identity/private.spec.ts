import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Pod, startPod } from '../../../load/servers/pod';
import { signIn } from '../../support/student';

let pod: Pod;
let student: Record<string, string>;
let operator: Record<string, string>;

beforeAll(async () => {
  pod = await startPod();
  const [, token = ''] = readFileSync(join(pod.dataDir, 'operator-tokens'), 'utf8').trim().split(':');
  student = { Authorization: `Bearer ${await signIn(pod.url, 'private')}` };
  operator = { Authorization: `Bearer ${token}` };
});
afterAll(() => pod?.stop());

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(pod.url + path, { headers: { Accept: '*/*', ...headers } });

describe('what is personal', () => {
  it('is kept by no cache on the way, whoever asks and whatever the answer is', async () => {
    const asked: [string, Record<string, string>?][] = [
      ['/api/me', student],
      ['/api/me'],
      ['/api/terms/20251/enrolments', student],
      ['/api/terms/20251/waitlists', student],
      ['/api/terms/20251/cart', student],
      ['/api/terms/20251/window', student],
      ['/api/outbox', student],
      ['/api/operator/rooms', operator],
      ['/api/operator/terms/20251/enrolments.csv', operator],
      ['/api/operator/outbox', operator],
      ['/api/nothing-at-all', student],
    ];
    const answers = await Promise.all(asked.map(([path, headers]) => ask(path, headers)));
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(asked.map(() => 'no-store'));
  });

  it('lies in files that nobody but the owner of the process reads', () => {
    const modes = ['.', ...readdirSync(pod.dataDir)].map((name) => statSync(join(pod.dataDir, name)).mode & 0o077);
    expect(new Set(modes)).toEqual(new Set([0]));
  });
});

describe('the page', () => {
  it('may talk to its own host only', async () => {
    const { host } = new URL(pod.url);
    const policy = (await ask('/', { Accept: 'text/html' })).headers.get('content-security-policy') ?? '';
    const [connect] = policy.split(';').filter((directive) => directive.startsWith('connect-src'));
    expect(connect).toBe(`connect-src 'self' ws://${host} wss://${host}`);
    expect(policy).not.toMatch(/https?:(;| |$)/);
  });
});

describe('SIGHUP', () => {
  it('does not end a pod that has no roster', async () => {
    pod.signal('SIGHUP');
    // What answers after the signal has outlived it, and ends as it was asked to.
    expect(await (await ask('/api/operator/roster', operator)).json()).toEqual({ inForce: false, students: 0 });
    expect(await pod.stop()).toMatchObject({ code: 0 });
  });
});
