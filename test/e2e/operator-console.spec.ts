import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../load/support/wait-for';
import { barriersOf } from './support/barriers';
import { OperatorConsole } from './support/operator-console';
import { OPERATOR_TOKEN, Registration, VIEWER_TOKEN } from './support/registration';

/** Some tests go through every view. */
jest.setTimeout(300_000);

const MOST_BYTES = 200 * 1_024;
const BUILT = join(__dirname, '..', '..', 'client', 'dist');

let registration: Registration;
const consoles: OperatorConsole[] = [];

beforeAll(async () => {
  registration = await Registration.start();
});
afterEach(async () => {
  const failures = consoles.splice(0).flatMap((one) => one.failures);
  await registration.tidy();
  expect(failures).toEqual([]);
});
afterAll(() => registration?.stop());

type BrowserOptions = Parameters<Registration['newBrowser']>[0];

const openConsole = async (options?: BrowserOptions, path?: string): Promise<OperatorConsole> => {
  const opened = await OperatorConsole.open(await registration.newBrowser(options), registration.pod.url, path);
  consoles.push(opened);
  return opened;
};

const signedIn = async (options?: BrowserOptions, path?: string): Promise<OperatorConsole> => {
  const operator = await openConsole(options, path);
  await operator.signIn(OPERATOR_TOKEN);
  return operator;
};

describe('an operator', () => {
  it('opens a room, pauses it, finds a student, removes them with a reason, and sees all of it in the audit', async () => {
    const roomId = await registration.createRoom({ opensAt: Date.now() + 3_600_000, ratePerSecond: 1, capacity: 2 });
    await registration.fill(roomId, 5);
    const operator = await signedIn();
    const { page } = operator;
    await operator.card(roomId).locator('b', { hasText: '5' }).first().waitFor();
    await operator.openRoom(roomId);
    await operator.waitUntilState('scheduled');

    await operator.ask('openNow');
    expect((await operator.effects()).join(' ')).toContain('5 wait');
    await operator.confirm();
    await operator.waitUntilState('open');

    await operator.ask('pause');
    await page.locator('[name=notice]').fill('We go on in a minute.');
    await operator.confirm();
    await operator.waitUntilState('paused');
    await page.locator('.room-notice', { hasText: 'We go on in a minute.' }).waitFor();

    const student = `${roomId}-ahead-4`;
    await operator.goTo('students');
    await operator.find(student);
    await operator.place(roomId).and(page.locator('[data-place=waiting]')).waitFor();
    await page.locator('.trail-line[data-type=joined]').waitFor();
    await operator.place(roomId).locator('.act-remove').click();
    await page.locator('.act-dialog [type=submit]').click();
    await page.locator('.act-dialog .message-bad').waitFor();
    await page.locator('[name=reason]').fill('Asked for it by phone');
    await operator.confirm();
    await operator.place(roomId).and(page.locator('[data-place=ended]')).waitFor();
    await operator.audit('operator.remove').locator('.audit-note', { hasText: 'Asked for it by phone' }).waitFor();

    await operator.goTo('audit');
    const removal = operator.audit('operator.remove').filter({ hasText: student });
    await removal.locator('.audit-note', { hasText: 'Asked for it by phone' }).waitFor();
    await operator.audit('room.change').filter({ hasText: 'We go on in a minute.' }).first().waitFor();
    await operator.audit('operator.sign_in').first().waitFor();

    await operator.signOut();
    const answer = await page.request.get(`${registration.pod.url}/api/operator/rooms`);
    expect(answer.status()).toBe(401);
  });

  it('has a way back: what was done is undone with one press', async () => {
    const roomId = await registration.createRoom({ ratePerSecond: 0.5, capacity: 3 });
    const operator = await signedIn({}, `/operator/rooms/${roomId}`);
    await operator.ask('pause');
    await operator.confirm();
    await operator.waitUntilState('paused');
    await operator.page.locator('.said-undo').click();
    await operator.waitUntilState('open');

    await operator.ask('pace');
    await operator.page.locator('[name=rate]').fill('20');
    await operator.confirm();
    // Also later, from what stands on record.
    const change = operator.audit('room.change').filter({ hasText: '20/s' });
    await change.locator('button').click();
    await operator.confirm();
    const rate = async (): Promise<unknown> =>
      (await registration.operator.call('GET', `/rooms/${roomId}`)).ratePerSecond;
    await waitFor(async () => (await rate()) === 0.5, { what: 'the pace of before' });
  });

  it('closes a room only after typing its id', async () => {
    const roomId = await registration.createRoom();
    const operator = await signedIn({}, `/operator/rooms/${roomId}`);
    await operator.ask('close');
    const go = operator.page.locator('.act-dialog [type=submit]');
    expect(await go.isDisabled()).toBe(true);
    await operator.page.locator('[name=typed]').fill(roomId);
    await operator.confirm();
    await operator.waitUntilState('closed');
  });

  it('stops all seat changes, and lets them go on', async () => {
    const operator = await signedIn();
    await operator.page.locator('.button-stop').first().click();
    await operator.page.locator('[name=reason]').fill('The limits were loaded wrongly');
    await operator.confirm();
    const banner = operator.page.locator('.stop-banner[data-term="20251"]');
    await banner.filter({ hasText: 'The limits were loaded wrongly' }).waitFor();
    await banner.locator('button').click();
    await operator.confirm();
    await banner.waitFor({ state: 'detached' });
  });

  it('sees the last minutes of a line after a reload, too', async () => {
    const roomId = await registration.createRoom();
    await registration.fill(roomId, 3);
    const operator = await signedIn({}, `/operator/rooms/${roomId}`);
    const latest = (): Promise<string | null> =>
      operator.page.locator('.plot-frame').first().getAttribute('aria-label');
    await waitFor(async () => (await latest())?.includes('Waiting 3') === true, { what: 'three in the plot' });
    await operator.page.reload();
    await waitFor(async () => (await latest())?.includes('Waiting 3') === true, { what: 'three in the plot again' });
  });
});

describe('a viewer', () => {
  it('sees everything and is offered nothing that changes it', async () => {
    const roomId = await registration.createRoom();
    await registration.fill(roomId, 1);
    const operator = await openConsole();
    await operator.signIn(VIEWER_TOKEN);
    await operator.page.locator('.read-only').waitFor();
    await operator.openRoom(roomId);
    await operator.goTo('students');
    await operator.find(`${roomId}-ahead-0`);
    await operator.place(roomId).waitFor();
    expect(await operator.page.locator('[data-control], .button-stop, .button-harm, .act-let-in').count()).toBe(0);
  });
});

/** Calls `look` in every view and question. */
async function throughAllViews(options: BrowserOptions, look: (view: string, at: OperatorConsole) => Promise<void>) {
  const roomId = await registration.createRoom({ name: 'Registration of the seniors who graduate in spring' });
  await registration.fill(roomId, 2);
  const operator = await openConsole(options);
  await look('sign-in', operator);
  await operator.signIn(OPERATOR_TOKEN);
  await operator.card(roomId).waitFor();
  await look('today', operator);
  await operator.openRoom(roomId);
  await operator.audit('room.create').waitFor();
  await look('room', operator);
  for (const control of ['pause', 'pace', 'notice', 'postpone', 'drain', 'close']) {
    await operator.ask(control);
    await look(`question: ${control}`, operator);
    await operator.cancel();
  }
  await operator.goTo('students');
  await operator.find(`${roomId}-ahead-0`);
  await operator.place(roomId).waitFor();
  await look('student', operator);
  for (const section of ['audit', 'outbox', 'pods'] as const) {
    await operator.goTo(section);
    await operator.page.locator('h1').waitFor();
    await look(section, operator);
  }
}

describe('every view of the console', () => {
  it.each([
    ['light', 'ko-KR', { width: 390, height: 844 }],
    ['dark', 'en-US', { width: 1280, height: 800 }],
  ] as const)('has no barrier (%s, %s, %p)', async (colorScheme, locale, viewport) => {
    const barriers: Record<string, string[]> = {};
    await throughAllViews({ colorScheme, locale, viewport }, async (view, { page }) => {
      const found = await barriersOf(page);
      if (found.length > 0) barriers[view] = found;
    });
    expect(barriers).toEqual({});
  });

  it.each(['en-US', 'ko-KR'])('fits a small phone without scrolling sideways (%s)', async (locale) => {
    const overflows: Record<string, number> = {};
    const phone = { locale, viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true };
    await throughAllViews(phone, async (view, operator) => {
      const overflow = await operator.sidewaysOverflow();
      if (overflow > 0) overflows[view] = overflow;
    });
    expect(overflows).toEqual({});
  });
});

describe('the console', () => {
  it('is small: all that it loads at the start is within its budget, compressed', () => {
    const page = readFileSync(join(BUILT, 'operator.html'), 'utf8');
    const files = [...page.matchAll(/\/(assets\/[\w.-]+\.(?:js|css))/g)].map(([, file]) => file as string);
    expect(files.length).toBeGreaterThan(1);
    const bytes = [...new Set(files), 'operator.html'].map((file) => statSync(join(BUILT, `${file}.br`)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
