import { type Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';

interface Schema {
  type?: string;
  example?: unknown;
}

interface Content {
  schema: Schema;
}

interface Operation {
  parameters: { in: string; name: string; required?: boolean; example?: unknown; schema: Schema }[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
  security?: object[];
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

const METRICS_TOKEN = 'another-token-for-these-tests-only';
const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';

describe('the document of the API', () => {
  let pod: Pod;
  let operations: { method: string; path: string; operation: Operation }[];

  beforeAll(async () => {
    pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, METRICS_TOKEN } });
    const { paths } = (await (await fetch(`${pod.url}/api/docs-json`)).json()) as OpenApi;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  });
  afterAll(() => pod.stop());

  const call = async (method: string, path: string, token?: string): Promise<{ status: number; code?: string }> => {
    const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    const response = await fetch(`${pod.url}${path.replace(/\{\w+\}/g, 'x')}`, { method, headers });
    const text = await response.text();
    const error = text.startsWith('{') ? (JSON.parse(text) as { error?: { code?: string } }).error : undefined;
    return { status: response.status, code: error?.code };
  };

  it('asks for a token exactly where the service does', async () => {
    for (const { method, path, operation } of operations) {
      const { code } = await call(method, path);
      const wanted = code === 'not_signed_in' || code === 'not_operator';
      expect([method, path, (operation.security ?? []).length > 0]).toEqual([method, path, wanted]);
    }
  });

  it('tells of bodies in JSON, and no other are read', async () => {
    const send = (type: string, body: string): Promise<number> =>
      fetch(`${pod.url}/api/sign-in/demo`, { method: 'POST', headers: { 'content-type': type }, body }).then(
        ({ status }) => status,
      );
    expect(await send('application/json', '{"studentId":"form"}')).toBe(200);
    expect(await send('application/x-www-form-urlencoded', 'studentId=form')).toBe(415);
    expect(await send('text/plain', '{"studentId":"form"}')).toBe(415);
    expect(await send('application/json', '')).toBe(400);
    // A body of no bytes is none, whatever it is said to be.
    expect(await send('text/plain', '')).toBe(400);
  });

  it('says with every 401 how to sign in, and whether what was given is no good', async () => {
    const challenges = async (path: string, headers?: Record<string, string>): Promise<unknown[]> => {
      const response = await fetch(pod.url + path, { headers });
      return [response.status, response.headers.get('www-authenticate')];
    };
    for (const path of ['/api/me', '/api/operator/rooms', '/api/admissions/verify']) {
      expect(await challenges(path)).toEqual([401, 'Bearer']);
      expect(await challenges(path, { authorization: 'Bearer x' })).toEqual([401, 'Bearer error="invalid_token"']);
    }
  });

  it.each(['Bearer ', 'bearer ', 'BEARER \t  '])('takes a token after "%s"', async (scheme) => {
    const headers = { authorization: `${scheme}${await signIn(pod.url, 'bearer')}` };
    expect((await fetch(`${pod.url}/api/me`, { headers })).status).toBe(200);
    const operator = { authorization: `${scheme}${OPERATOR_TOKEN}` };
    expect((await fetch(`${pod.url}/api/operator/rooms`, { headers: operator })).status).toBe(200);
    const metrics = { authorization: `${scheme}${METRICS_TOKEN}` };
    expect((await fetch(`${pod.url}/metrics`, { headers: metrics })).status).toBe(200);
  });

  it('gives an example of every parameter that must be given', () => {
    for (const { method, path, operation } of operations) {
      for (const { name, required, example, schema } of operation.parameters) {
        const given = required === true ? (example ?? schema.example) : 'not needed';
        expect([method, path, name, given]).toEqual([method, path, name, expect.stringMatching(/./)]);
      }
    }
  });

  it('gives an example of every body, and the service takes it for one', async () => {
    const bodies = operations.filter(({ operation }) => operation.requestBody);
    expect(bodies.length).toBeGreaterThan(20);
    const student = await signIn(pod.url, '20261234');
    for (const { method, path, operation } of bodies) {
      const [[type, { schema }]] = Object.entries(operation.requestBody?.content ?? {}) as [[string, Content]];
      expect([method, path, Object.keys(schema)]).toEqual([method, path, expect.arrayContaining(['example'])]);
      const examples = new Map(
        operation.parameters.map((given) => [given.name, given.example ?? given.schema.example]),
      );
      const headers = operation.parameters.filter(({ in: where }) => where === 'header');
      // The catalogue of the example is a whole one, and the term has another: that is asked about.
      const query = path.endsWith('{termId}/import') ? '?force=true' : '';
      const response = await fetch(
        pod.url + path.replace(/\{(\w+)\}/g, (_, name: string) => String(examples.get(name))) + query,
        {
          method,
          headers: {
            ...Object.fromEntries(headers.map(({ name }) => [name, String(examples.get(name))])),
            'content-type': type,
            authorization: `Bearer ${path.startsWith('/api/operator/') ? OPERATOR_TOKEN : student}`,
          },
          body: typeof schema.example === 'string' ? schema.example : JSON.stringify(schema.example),
        },
      );
      const text = await response.text();
      expect([method, path, text]).toEqual([method, path, expect.not.stringMatching(/invalid_input|unsupported_type/)]);
      expect([method, path, response.status < 500]).toEqual([method, path, true]);
    }
  });

  it('says what every call answers, and with which codes it is refused', () => {
    for (const { method, path, operation } of operations) {
      const [[status, answer], ...refusals] = Object.entries(operation.responses) as [
        [string, Operation['responses']['']],
      ];
      expect([method, path, Number(status) < 300, status === '204']).toEqual([method, path, true, !answer.content]);
      expect([method, path, refusals.length > 0]).toEqual([method, path, true]);
    }
    const codes = operations.map(({ operation }) => operation.responses['500']?.description);
    expect(new Set(codes)).toEqual(new Set(['internal']));
  });

  it('has beside it one of the events of a socket', async () => {
    const events = (await (await fetch(`${pod.url}/api/docs/asyncapi.json`)).json()) as { operations: object };
    expect(Object.keys(events.operations)).toEqual(expect.arrayContaining(['line.join', 'line.ticket']));
  });

  it('gives every parameter of a path and the type of each in the query', () => {
    for (const { path, operation } of operations) {
      const given = operation.parameters.filter(({ in: where }) => where === 'path').map(({ name }) => `{${name}}`);
      expect(given.sort()).toEqual([...(path.match(/\{\w+\}/g) ?? [])].sort());
      const typed = operation.parameters.filter(({ schema }) => schema.type !== undefined);
      expect(typed).toEqual(operation.parameters);
    }
  });

  it('names no option of a query that the service does not know', async () => {
    const queries = operations.flatMap(({ method, path, operation }) =>
      operation.parameters.filter(({ in: where }) => where === 'query').map(({ name }) => ({ method, path, name })),
    );
    expect(queries.length).toBeGreaterThan(10);
    for (const { method, path, name } of queries) {
      const response = await fetch(`${pod.url}${path.replace(/\{\w+\}/g, 'x')}?${name}=`, {
        method,
        headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      });
      expect(await response.text()).not.toContain('Unrecognized key');
    }
  });

  it.each([
    ['32 characters', 'x'.repeat(32), undefined],
    ['33 characters', 'x'.repeat(33), 'invalid_input'],
    ['none', '', 'invalid_input'],
    ['a space at its end', '1 ', 'invalid_input'],
  ])('takes or refuses a section id of %s alike over HTTP and over a socket', async (_, sectionId, code) => {
    const token = await signIn(pod.url, 'both-ways');
    const response = await fetch(`${pod.url}/api/terms/20251/cart`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ sectionIds: [sectionId], version: 0 }),
    });
    const { error } = (await response.json()) as { error: { code: string } };
    expect(error.code).toBe(code ?? 'section_not_found');
    const tab = new StudentTab(pod.url, token);
    const reply = await tab.request('seats:watch', { termId: '20251', sectionIds: [sectionId] });
    expect(reply.ok ? undefined : reply.error.code).toBe(code);
    tab.close();
  });
});
