import { usePages } from './support/pages';
import { StudentPage } from './support/student-page';

const { registration, pages, openRoom, pageInLine } = usePages();

/** A browser in which this script runs before every page, at a room that takes its number. */
async function enterAfter(script: string): Promise<StudentPage> {
  const roomId = await registration().createRoom();
  const context = await registration().newBrowser();
  await context.addInitScript(script);
  const student = await StudentPage.open(context, registration().pod.url, `/rooms/${roomId}`);
  pages.push(student);
  await student.enter(`${roomId}-me`);
  await student.waitUntilLive();
  return student;
}

describe('the place', () => {
  it('is taken also where a network lets a WebSocket open and then carries nothing', async () => {
    const roomId = await registration().createRoom();
    const student = await openRoom(roomId);
    await student.page.routeWebSocket(/.*/, () => undefined);
    await student.page.reload();
    await student.enter(`${roomId}-me`);
    await student.waitUntilLive();
    expect(await student.shownPosition()).toBe(1);
  });

  it('is taken also on a device that wrongly believes to have no network', async () => {
    const student = await enterAfter(`Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })`);
    expect(await student.shownPosition()).toBe(1);
  });
});

describe('a storage that is full', () => {
  it('is in nobody’s way: the language and the sound can be chosen', async () => {
    const student = await enterAfter(
      `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
    );
    const { page } = student;
    const sound = page.locator('input[type=checkbox]');
    await sound.click();
    expect(await sound.isChecked()).toBe(false);
    await page.getByRole('button', { name: '한국어' }).click();
    await page.getByText('줄을 서 있습니다').waitFor();
  });
});

describe('a service that cannot be reached', () => {
  it('is told of while the page begins, which it does by itself', async () => {
    const student = await openRoom(await registration().createRoom());
    const { page } = student;
    await page.route('**/api/config', (route) => route.abort());
    await page.reload();
    await page.getByText('There is no connection. Please check your network. We keep trying for you').waitFor();
    await page.unroute('**/api/config');
    await page.locator('[name=studentId]').waitFor();
    expect(await page.getByText('There is no connection.').count()).toBe(0);
  });

  it('is told of to one who wants a number, which comes by itself', async () => {
    const student = await openRoom(await registration().createRoom());
    const { page } = student;
    await page.routeWebSocket(/.*/, () => undefined);
    await page.reload();
    await student.signIn('unreached');
    for (const path of ['**/socket.io/**', '**/api/door']) await page.route(path, (route) => route.abort());
    await page.locator('.lobby .button-primary').click();
    await page.getByText('There is no connection. Please check your network. We keep trying for you').waitFor();
    await page.unrouteAll();
    await student.waitUntilLive();
  });
});

describe('the page', () => {
  it('begins by itself once what answered in place of the service has gone', async () => {
    const student = await openRoom(await registration().createRoom());
    const { page } = student;
    let answered = 0;
    await page.route('**/api/config', async (route) => {
      answered += 1;
      await (answered === 1
        ? route.fulfill({ contentType: 'text/html', body: '<html>Wi-Fi</html>' })
        : route.continue());
    });
    await page.reload();
    await page.locator('[name=studentId]').waitFor();
    expect(answered).toBeGreaterThan(1);
  });

  it('says in its title that the student is in line only while that is shown', async () => {
    const roomId = await registration().createRoom();
    const { page } = await pageInLine(roomId, 0);
    expect(await page.title()).toBe('(1) In line · Sunbeon');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.locator('.sign-in').waitFor();
    await page.waitForFunction(`document.title === 'Sunbeon'`);
  });
});

describe('a sign-in', () => {
  it('that ends in one tab ends in the others', async () => {
    const roomId = await registration().createRoom();
    const first = await pageInLine(roomId, 0);
    const second = await first.anotherTab(`/rooms/${roomId}`);
    pages.push(second);
    await second.waitUntilLive();
    await second.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    for (const tab of [first, second]) await tab.page.locator('.sign-in').waitFor();
  });

  it('of somebody else leaves no tab with the one before', async () => {
    const roomId = await registration().createRoom();
    const first = await openRoom(roomId);
    const second = await first.anotherTab(`/rooms/${roomId}`);
    pages.push(second);
    await first.enter(`${roomId}-one`);
    await second.signIn(`${roomId}-other`);
    await first.page.getByText('Your sign-in has ended.').waitFor();
    await second.page.locator('.lobby').waitFor();
  });
});
