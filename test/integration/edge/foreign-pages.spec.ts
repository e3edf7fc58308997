import { FOREIGN, ForgeryStage, TERM } from './forgery-stage';

let stage: ForgeryStage;

beforeAll(async () => {
  stage = await ForgeryStage.start();
});
afterAll(() => stage?.stop());

describe('the origin of a page', () => {
  it.each([['websocket'], ['polling']])('the page of another site: opens no socket by %s', async (transport) => {
    const error = await stage.connectError(stage.inside.signedIn.token, {
      transports: [transport],
      extraHeaders: { origin: FOREIGN },
    });
    expect(error).toBeInstanceOf(Error);
  });

  it.each([[FOREIGN], ['null'], ['https://127.0.0.1.evil.example'], ['http://127.0.0.1:1']])(
    'the page of another site (%s): changes nothing with the cookie of a student, and reads nothing',
    async (origin) => {
      const cookie = `sunbeon_sign_in=${stage.inside.signedIn.token}`;
      const before = await stage.seats();
      const headers = { origin, cookie, 'content-type': 'application/json' };
      const post = await fetch(`${stage.cluster.url}/api/terms/${TERM}/enrolments`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': 'foreign', 'admission-token': stage.inside.admission.token },
        body: JSON.stringify({ sectionIds: stage.sectionIds }),
      });
      expect([post.status, await post.json()]).toMatchObject([403, { error: { code: 'origin_refused' } }]);
      const remove = await fetch(`${stage.cluster.url}/api/terms/${TERM}/enrolments/x`, { method: 'DELETE', headers });
      const signOut = await fetch(`${stage.cluster.url}/api/sign-out`, { method: 'POST', headers });
      expect([remove.status, signOut.status]).toEqual([403, 403]);
      const read = await fetch(`${stage.cluster.url}/api/me`, { headers });
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
      expect(await stage.seats()).toEqual(before);
    },
  );

  it('the page itself: is let in with the cookie', async () => {
    const headers = { origin: stage.cluster.url, cookie: `sunbeon_sign_in=${stage.inside.signedIn.token}` };
    const response = await fetch(`${stage.cluster.url}/api/terms/${TERM}/enrolments/none`, {
      method: 'DELETE',
      headers,
    });
    expect((await response.json()) as object).not.toMatchObject({ error: { code: 'origin_refused' } });
  });
});
