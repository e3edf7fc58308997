import { waitFor } from '../../load/support/wait-for';
import { usePages } from './support/pages';
import { StudentPage } from './support/student-page';

const { registration, pages, openRoom, pageInLine, pageInside } = usePages();

/** Run in the page: notes what has the focus in the very moment the view of those who wait is put into the page. */
const FOCUS_WHEN_WAITING_APPEARS = `new MutationObserver((_, observer) => {
  if (!document.querySelector('.waiting')) return;
  window.focusWhenWaitingAppeared = document.activeElement.tagName;
  observer.disconnect();
}).observe(document.body, { childList: true, subtree: true }); undefined`;

/** Run in the page: notes every position that is shown from now on. */
const NOTE_POSITIONS = `window.shownPositions = []; new MutationObserver(() => {
  const shown = Number(document.querySelector('.ticket-position')?.dataset.position || 0);
  if (shown && shown !== window.shownPositions.at(-1)) window.shownPositions.push(shown);
}).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true }); undefined`;

async function takeSeat(student: StudentPage, sectionId: string): Promise<void> {
  await student.choose(sectionId);
  expect(await student.enrol()).toEqual({ [sectionId]: 'enrolled' });
}

describe('signing out', () => {
  it('that does not reach the service says so, and works when it does', async () => {
    const student = await openRoom(await registration().createRoom());
    await student.signIn('shared-computer');
    const { page } = student;
    await page.route('**/api/sign-out', (route) => route.abort());
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('There is no connection. Please check your network.').waitFor();
    await page.unroute('**/api/sign-out');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.locator('.sign-in').waitFor();
    expect(await page.getByText('There is no connection.').count()).toBe(0);
  });
});

describe('the way through', () => {
  it('leads from the sign-in through the line to a seat, and to the end', async () => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 2);
    expect(await student.shownPosition()).toBe(3);
    await registration().letIn(roomId);
    await student.waitUntilInside();

    const [section] = await registration().openSections('MATH');
    const sectionId = section?.id ?? '';
    await student.search('MATH');
    await student.choose(sectionId);
    expect(await student.enrol()).toEqual({ [sectionId]: 'enrolled' });
    await student.classRow(sectionId).waitFor();

    await student.finish();
    await student.waitUntilEnded('finished');
    await student.classRow(sectionId).waitFor();
  });

  it('says for each section why it was refused, and keeps it in the cart', async () => {
    const [first, second] = await registration().twoOfOneCourse('PSYCH');
    const student = await pageInside();
    await student.search(first.code);
    await student.choose(first.id);
    await student.choose(second.id);
    expect(await student.enrol()).toEqual({ [first.id]: 'enrolled', [second.id]: 'refused' });
    const reason = student.page.locator(`.result[data-section="${second.id}"] .result-reason`);
    expect(await reason.innerText()).toBe(`You have ${first.code} ${first.section}, which is the same course.`);
    expect(await student.cart()).toEqual([second.id]);
  });

  it('shows a seat that somebody else takes, without asking again', async () => {
    const [section] = await registration().openSections('HIST');
    const { id, code, left } = section ?? { id: '', code: '', left: 0 };
    const [watcher, taker] = [await pageInside(), await pageInside()];
    for (const student of [watcher, taker]) await student.search(code);
    await takeSeat(taker, id);
    await watcher.page.locator(`.section[data-section="${id}"] .seats[data-left="${left - 1}"]`).waitFor();
  });

  it('gives a seat back after a question', async () => {
    const [section] = await registration().openSections('ART');
    const { id, code } = section ?? { id: '', code: '' };
    const student = await pageInside();
    await student.search(code);
    await takeSeat(student, id);
    await student.classRow(id).locator('.button-drop').click();
    await student.page.locator('dialog .button-danger').click();
    await student.classRow(id).waitFor({ state: 'detached' });
  });

  it('tells a student whose time is over, and lets them take a new number at the tail', async () => {
    const roomId = await registration().createRoom({ leaseSeconds: 10 });
    const student = await pageInLine(roomId, 0);
    const number = await student.shownNumber();
    await registration().letIn(roomId);
    await student.waitUntilInside();
    await registration().operator.changeRoom(roomId, { ratePerSecond: 0 });
    await student.waitUntilEnded('expired');
    await student.page.getByText('No classes yet.').waitFor();
    await student.page.locator('.ended .button-primary').click();
    await student.ticket.waitFor();
    expect(await student.shownNumber()).not.toBe(number);
  });
});

describe('an address', () => {
  it.each(['/rooms/%E0%A4%A', '/rooms/', '/nowhere'])(
    'that is no room shows the page all the same: %s',
    async (path) => {
      const student = await StudentPage.open(await registration().newBrowser(), registration().pod.url, path);
      pages.push(student);
      await student.page.locator('[name=studentId]').waitFor();
    },
  );
});

describe('the place', () => {
  it('is kept over a reload, with the same number and no higher position', async () => {
    const roomId = await registration().createRoom();
    const ahead = await registration().fill(roomId, 3);
    const student = await openRoom(roomId);
    await student.enter(`${roomId}-me`);
    const number = await student.shownNumber();
    await ahead[0]?.request('line:leave', { roomId });
    await student.waitUntilPosition(3);
    await student.page.reload();
    await student.waitUntilLive();
    expect(await student.shownNumber()).toBe(number);
    expect(await student.shownPosition()).toBe(3);
  });

  it('is kept over a lost network, which the page says plainly', async () => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 2);
    const number = await student.shownNumber();
    await student.page.context().setOffline(true);
    const banner = student.page.locator('.connection');
    await banner.waitFor();
    expect(await banner.innerText()).toContain('Your place is kept');
    for (const height of [568, 200]) {
      await student.page.setViewportSize({ width: 320, height });
      expect(await student.covered()).toEqual([]);
      await student.page.evaluate('scrollTo(0, 0)');
      expect(await student.underBanner()).toBe(false);
    }
    expect(await student.ticket.getAttribute('data-live')).toBe('false');
    expect(await student.shownPosition()).toBe(3);
    await student.page.context().setOffline(false);
    await student.waitUntilLive();
    expect(await student.shownNumber()).toBe(number);
    expect(await student.shownPosition()).toBe(3);
  });

  it('is kept while the student looks at the list, which says how it goes and leads back when the turn comes', async () => {
    const roomId = await registration().createRoom();
    const ahead = await registration().fill(roomId, 2);
    const other = await registration().createRoom();
    const student = await openRoom(other);
    await student.signIn(`${roomId}-me`);
    await student.page.locator('.back button').click();
    await student.page.locator('.room-choice', { hasText: roomId }).click();
    await student.join();
    await student.page.locator('.back button').click();
    const mine = student.page.locator('.room-choice', { hasText: roomId });
    await mine.filter({ hasText: 'You are in line: place 3' }).waitFor();
    await ahead[0]?.request('line:leave', { roomId });
    await mine.filter({ hasText: 'You are in line: place 2' }).waitFor();

    const [tab] = await Promise.all([
      student.page.context().waitForEvent('page'),
      student.page.locator('.room-choice', { hasText: other }).click(),
    ]);
    await tab.locator('.lobby').waitFor();
    await mine.click();
    expect(await student.shownPosition()).toBe(2);
    // Back to the room that was looked at before.
    await student.page.evaluate(
      `new Promise((gone) => { addEventListener('popstate', () => setTimeout(gone)); history.go(-4); })`,
    );
    await student.page.waitForURL(`**/rooms/${roomId}`);
    expect(await student.shownPosition()).toBe(2);

    await student.page.locator('.back button').click();
    await student.page.reload();
    await mine.filter({ hasText: 'You are in line: place 2' }).waitFor();
    await registration().letIn(roomId);
    await student.waitUntilInside();
    expect(student.page.url()).toContain(`/rooms/${roomId}`);
  });

  it('moves by itself between the messages of the service, and never up', async () => {
    const roomId = await registration().createRoom({ capacity: 1_000 });
    await registration().fill(roomId, 130);
    const student = await openRoom(roomId);
    let told = 0;
    student.page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => (told += String(payload).includes('"line:position"') ? 1 : 0));
    });
    await student.enter(`${roomId}-me`);
    await student.page.evaluate(NOTE_POSITIONS);
    await registration().operator.changeRoom(roomId, { ratePerSecond: 5 });
    await waitFor(async () => (await student.shownPosition()) < 110, { what: 'the number to have moved on' });
    const shown = await student.page.evaluate<number[]>('window.shownPositions');
    expect(shown).toEqual([...new Set(shown)].sort((one, other) => other - one));
    expect(told).toBeLessThan(shown.length / 2);
  });

  it('is found on a device that has never heard of it', async () => {
    const roomId = await registration().createRoom();
    const first = await pageInLine(roomId, 1);
    const second = await openRoom(roomId);
    await second.signIn(`${roomId}-me`);
    await second.waitUntilLive();
    expect(await second.shownNumber()).toBe(await first.shownNumber());
    expect(await second.shownPosition()).toBe(2);
  });

  it('is one and the same in two tabs, and given up in both', async () => {
    const roomId = await registration().createRoom();
    const first = await pageInLine(roomId, 1);
    const second = await StudentPage.open(first.page.context(), registration().pod.url, `/rooms/${roomId}`);
    pages.push(second);
    await second.waitUntilLive();
    expect(await second.shownNumber()).toBe(await first.shownNumber());
    expect(await second.shownPosition()).toBe(2);

    await second.page.locator('.waiting-actions .button-quiet').click();
    await second.page.locator('dialog .button-danger').click();
    for (const tab of [first, second]) await tab.waitUntilEnded('left');
  });

  it('comes with the focus on its heading, which takes it from nobody afterwards', async () => {
    const roomId = await registration().createRoom();
    const student = await openRoom(roomId);
    await student.signIn(`${roomId}-me`);
    await student.page.evaluate(FOCUS_WHEN_WAITING_APPEARS);
    await student.join();
    expect(await student.page.evaluate('window.focusWhenWaitingAppeared')).toBe('H1');
  });

  it('is not given up by a key that closes the question', async () => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    const leave = student.page.locator('.waiting-actions .button-quiet');
    await leave.focus();
    await student.page.keyboard.press('Enter');
    await student.page.locator('dialog[open]').waitFor();
    await student.waitUntilFocused('Stay in line');
    await student.page.keyboard.press('Escape');
    await student.page.locator('dialog').waitFor({ state: 'detached' });
    expect(await student.shownPosition()).toBe(1);
    await student.waitUntilFocused('Leave the line');
  });

  it('is there before the opening, with a countdown that does not go by the clock of the device', async () => {
    const roomId = await registration().createRoom({ opensAt: Date.now() + 2_990_000 });
    const context = await registration().newBrowser();
    await context.addInitScript('{ const now = Date.now; Date.now = () => now() - 7_200_000; }');
    const student = await StudentPage.open(context, registration().pod.url, `/rooms/${roomId}`);
    pages.push(student);
    await student.enter(`${roomId}-me`);
    expect(await student.shownPosition()).toBe(1);
    expect(await student.page.locator('.countdown-clock').innerText()).toMatch(/^4\d:\d\d$/);
  });
});

describe('the wait', () => {
  it('in a full room is said to depend on those inside, and unknown while the device is offline', async () => {
    const roomId = await registration().createRoom({ ratePerSecond: 100, capacity: 1 });
    const [inside] = await registration().fill(roomId, 1);
    await inside?.admitted();
    const student = await openRoom(roomId);
    await student.enter(`${roomId}-me`);
    const facts = student.page.locator('.ticket-facts dd');
    await student.page.getByText('the next goes in when the one inside has finished').waitFor();
    expect(await facts.nth(2).innerText()).toMatch(/^Up to \d+ min$/);
    await student.page.context().setOffline(true);
    await student.page.locator('.connection').waitFor();
    expect(await facts.nth(2).innerText()).toBe('Not known');
    expect(await facts.nth(3).innerText()).toBe('Not known');
  });
});

describe('what the operator does', () => {
  it('is said where a screen reader listens already', async () => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    const places = student.page.getByRole('status');
    const before = await places.count();
    await registration().operator.changeRoom(roomId, { notice: 'Bring your student card.' });
    await places.filter({ hasText: 'Bring your student card.' }).waitFor();
    await student.page.context().setOffline(true);
    await places.filter({ hasText: 'Your place is kept' }).waitFor();
    expect(await places.count()).toBe(before);
  });

  it('is shown at once: a notice, a pause, the end', async () => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 1);
    await registration().operator.changeRoom(roomId, { notice: 'Bring your student card.' });
    await student.page.getByText('Bring your student card.').waitFor();
    await registration().operator.changeRoom(roomId, { control: 'paused' });
    await student.page.locator('.badge[data-state=paused]').waitFor();
    await student.page.getByText('Your place is kept, and it moves on').waitFor();
    await registration().operator.changeRoom(roomId, { control: 'closed' });
    await student.waitUntilEnded('closed');
  });
});

describe('the words', () => {
  it('are those of the browser, or the ones that were chosen, also after a reload', async () => {
    const roomId = await registration().createRoom();
    const student = await openRoom(roomId, { locale: 'ko-KR' });
    await student.signIn(`${roomId}-me`, '김하늘');
    await student.page.getByRole('button', { name: '번호표 받기' }).click();
    await student.page.getByText('줄을 서 있습니다').waitFor();
    await student.page.getByRole('button', { name: 'English' }).click();
    await student.page.getByText('You are in line').waitFor();
    await student.page.reload();
    await student.page.getByText('You are in line').waitFor();
    expect(await student.page.evaluate('document.documentElement.lang')).toBe('en');
  });
});
