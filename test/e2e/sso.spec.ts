import type { Browser, Route } from 'playwright-core';
import { type Issuer, startIssuer } from '../../load/issuer/issuer';
import { startChromium } from '../../load/servers/chromium';
import { type Cluster, startCluster } from '../../load/servers/cluster';
import { makeDemoRoom } from '../support/demo-room';
import { StudentPage } from './support/student-page';

const CLIENT_ID = 'sunbeon';

let issuer: Issuer;
let cluster: Cluster;
let browser: Browser;
let path: string;

/** One pod as it runs for real, with a provider through which the page itself signs in. */
beforeAll(async () => {
  browser = await startChromium();
  issuer = await startIssuer();
  cluster = await startCluster({
    pods: 1,
    env: {
      AUTH_JWKS_URL: issuer.jwksUrl,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: CLIENT_ID,
      AUTH_CLIENT_ID: CLIENT_ID,
      AUTH_AUTHORIZE_URL: issuer.authorizeUrl,
      AUTH_TOKEN_URL: issuer.tokenUrl,
      AUTH_SIGN_OUT_URL: issuer.signOutUrl,
    },
  });
  const { roomId } = await makeDemoRoom(cluster, { opensAt: Date.now() + 3_600_000 });
  path = `/rooms/${roomId}`;
});

afterAll(async () => {
  await browser.close();
  await cluster.stop();
  await issuer.close();
});

async function openPage(): Promise<StudentPage> {
  const context = await browser.newContext({ locale: 'en-US' });
  return StudentPage.open(context, cluster.url, path);
}

async function signInAtUniversity({ page }: StudentPage, studentId: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with your university account' }).click();
  await page.locator('[name=studentId]').fill(studentId);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('the sign-in of the university', () => {
  it('leads back to the room, where the student takes a number', async () => {
    const student = await openPage();
    await signInAtUniversity(student, '20251234');
    await student.page.locator('.lobby').waitFor();
    expect(new URL(student.page.url()).pathname).toBe(path);
    expect(new URL(student.page.url()).search).toBe('');
    await student.join();
    expect(await student.shownPosition()).toBe(1);
    expect(await student.page.locator('.student-name').innerText()).toBe('20251234');
    await student.page.reload();
    await student.waitUntilLive();
    expect(student.failures).toEqual([]);
  });

  it('holds when the service is too busy to take it at first', async () => {
    const student = await openPage();
    const error = { code: 'busy', message: 'busy', retryable: true };
    const refuse = (route: Route) => route.fulfill({ status: 503, json: { error } });
    await student.page.route('**/api/sign-in/sso', refuse, { times: 1 });
    await signInAtUniversity(student, '20259999');
    await student.page.locator('.lobby').waitFor();
    expect(student.failures).toEqual([]);
  });

  it('that the browser cannot begin says so', async () => {
    const { page, failures } = await openPage();
    const button = page.getByRole('button', { name: 'Sign in with your university account' });
    await button.waitFor();
    await page.evaluate(`Object.defineProperty(crypto, 'subtle', { value: undefined })`);
    await button.click();
    await page.locator('[role=alert] .message-bad').waitFor();
    expect(failures).toEqual([]);
  });

  it('that the page did not begin is not completed', async () => {
    const student = await openPage();
    const { page } = student;
    await page.route('**/authorize?*', async (route) => {
      const asked = new URL(route.request().url());
      asked.searchParams.set('state', 'of somebody else');
      await route.continue({ url: asked.toString() });
    });
    await signInAtUniversity(student, '20255678');
    await page.getByText('This sign-in was not accepted.').waitFor();
    expect(await page.locator('.lobby').count()).toBe(0);
  });

  it('that comes back in a fresh tab says what to do, and can be begun there', async () => {
    const student = await openPage();
    const { page } = student;
    await page.goto(`${cluster.url}/?code=of-another-tab&state=unknown`);
    await page.getByText('This sign-in was begun in another tab').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await signInAtUniversity(student, '20256666');
    await page.locator('.student-name').waitFor();
    expect(student.failures).toEqual([]);
  });

  it('is begun also from an address that only looks like another site', async () => {
    const student = await openPage();
    await student.page.goto(`${cluster.url}//evil.test/rooms`);
    await signInAtUniversity(student, '20257777');
    await student.page.locator('.student-name').waitFor();
    expect(new URL(student.page.url()).host).toBe(new URL(cluster.url).host);
    expect(student.failures).toEqual([]);
  });

  it('is ended when the student signs out here, from another tab as well, and leads back', async () => {
    const student = await openPage();
    await signInAtUniversity(student, '20255555');
    await student.page.locator('.lobby').waitFor();
    const tab = await StudentPage.open(student.page.context(), cluster.url, path);
    const asked = tab.page.waitForRequest((request) => request.url().startsWith(issuer.signOutUrl));
    await tab.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    const { searchParams } = new URL((await asked).url());
    const claims = await issuer.key.claimsOf(searchParams.get('id_token_hint') ?? '');
    expect(claims).toMatchObject({ sub: '20255555', aud: CLIENT_ID });
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${cluster.url}/`);
    await tab.page.waitForURL(`${cluster.url}/`);
    await tab.page.getByRole('button', { name: 'Sign in with your university account' }).waitFor();
    const kept = await tab.page.evaluate<string>('JSON.stringify({ ...localStorage })');
    expect(kept).not.toContain(searchParams.get('id_token_hint'));
    expect([...student.failures, ...tab.failures]).toEqual([]);
  });

  it('asks who is there after somebody signed out, and ends everywhere when the student says so', async () => {
    const [one, other] = [await openPage(), await openPage()];
    for (const student of [one, other]) {
      await signInAtUniversity(student, '20258888');
      await student.page.locator('.lobby').waitFor();
    }
    expect(await other.page.evaluate("localStorage.getItem('sunbeon:id-token')")).not.toBeNull();
    await other.join();
    await one.page.getByRole('button', { name: 'Sign out on all devices' }).click();
    await one.page.getByRole('button', { name: 'Sign out everywhere' }).click();
    const signIn = (student: StudentPage) =>
      student.page.getByRole('button', { name: 'Sign in with your university account' });
    await Promise.all([signIn(one).waitFor(), signIn(other).waitFor()]);
    await other.page.getByText('Your sign-in has ended.').waitFor();
    await other.page.waitForFunction("localStorage.getItem('sunbeon:id-token') === null");
    await signIn(one).click();
    await one.page.locator('[name=studentId]').waitFor();
    expect(new URL(one.page.url()).searchParams.get('prompt')).toBe('login');
  });
});
