import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Pod, startPod } from '../../../load/servers/pod';
import { signIn } from '../../support/student';
import { httpRoutes, type Route, socketEvents } from './door-list';

const NAMED = readFileSync(join(__dirname, '..', '..', '..', 'SECURITY.md'), 'utf8');

/** What a browser says when a page that is not ours made it ask. */
const FOREIGN: [string, Record<string, string>][] = [
  ['of another site', { origin: 'https://evil.example' }],
  ['of a sibling host', { origin: 'http://evil.127.0.0.1.example', 'sec-fetch-site': 'same-site' }],
  ['without an origin of its own', { origin: 'null' }],
  ['of another site, in a request without an origin', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['of a sibling host, in a request without an origin', { 'sec-fetch-site': 'same-site' }],
];

const FORMS = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'];

let pod: Pod;
let victims = 0;

beforeAll(async () => {
  pod = await startPod();
});
afterAll(() => pod?.stop());

/** Another one each time: what is refused for coming too often proves nothing. */
const victim = async (): Promise<string> => `sunbeon_sign_in=${await signIn(pod.url, `victim-${(victims += 1)}`)}`;

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Asks at each route, one after the other, with the cookie of a student. */
async function knock(routes: Route[], headers: Record<string, string>): Promise<Response[]> {
  const cookie = await victim();
  const answers: Response[] = [];
  for (const { method, path } of routes) {
    const target = path.replace(/:(\w+)/g, 'some');
    const body = method === 'GET' ? undefined : '{}';
    const response = await fetch(pod.url + target, { method, headers: { cookie, ...headers }, body });
    await response.arrayBuffer();
    answers.push(response);
  }
  return answers;
}

const all = httpRoutes();
const changing = all.filter(({ method }) => method !== 'GET');
const reading = all.filter(({ method }) => method === 'GET');

describe('the list of doors in SECURITY.md', () => {
  it('names every HTTP route, and none that is not there', () => {
    const named = NAMED.match(/(?<=`)(GET|POST|PUT|PATCH|DELETE) \/[^`]+(?=`)/g) ?? [];
    expect(named.sort()).toEqual(all.map(nameOf).sort());
  });

  it('names every event of a socket, and none that is not there', () => {
    const named = NAMED.match(/(?<=`event )[^`]+(?=`)/g) ?? [];
    expect(named.sort()).toEqual(socketEvents().sort());
  });
});

describe.each(FOREIGN)('a page %s', (_, headers) => {
  it('changes nothing by any route', async () => {
    const answers = await knock(changing, { 'content-type': 'application/json', ...headers });
    const said = answers.map(({ status }, index) => [nameOf(changing[index] as Route), status]);
    expect(said).toEqual(changing.map((route) => [nameOf(route), 403]));
  });

  it('posts no form to any route', async () => {
    for (const type of FORMS) {
      const answers = await knock(changing, { 'content-type': type, ...headers });
      expect(answers.map(({ status }) => status).filter((status) => ![403, 415].includes(status))).toEqual([]);
    }
  });

  it('reads nothing by any route', async () => {
    const answers = await knock(reading, headers);
    for (const { headers: said } of answers) {
      expect(said.get('access-control-allow-origin')).toBeNull();
      expect(said.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(said.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('opens no session by polling', async () => {
    const response = await fetch(`${pod.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { cookie: await victim(), ...headers },
    });
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('origin_refused')]);
  });
});

describe('a script of whatever page', () => {
  it('is no session (JSONP)', async () => {
    const response = await fetch(`${pod.url}/socket.io/?EIO=4&transport=polling&j=0`, {
      headers: { cookie: await victim() },
    });
    expect(response.status).toBe(400);
  });
});
