import type { Route } from 'playwright-core';
import { waitFor } from '../../load/support/wait-for';
import { usePages } from './support/pages';
import type { StudentPage } from './support/student-page';

const { registration, pages, openRoom, pageInLine, pageInside } = usePages();

const nameOf = ({ code, section }: { code: string; section: string }): string =>
  section === '' ? code : `${code} ${section}`;

/** Puts them into the cart and takes them. */
async function take(student: StudentPage, ...sections: { id: string; code: string }[]): Promise<void> {
  for (const { id, code } of sections) {
    await student.search(code);
    await student.choose(id);
  }
  const outcomes = Object.fromEntries(sections.map(({ id }) => [id, 'enrolled']));
  expect(await student.enrol()).toEqual(outcomes);
}

describe('the cart', () => {
  it('is prepared in the line with the position in sight, and taken with one press inside', async () => {
    const [first, second] = await registration().compatibleSections(2);
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 2, { viewport: { width: 390, height: 844 } });
    await student.prepare();
    await student.page.locator('.section').last().scrollIntoViewIfNeeded();
    expect(await student.shownPosition()).toBe(3);
    const bar = await student.position.boundingBox();
    expect(bar?.y).toBeGreaterThanOrEqual(0);
    expect(bar?.y).toBeLessThan(100);
    for (const section of [first, second]) {
      await student.search(section?.code ?? '');
      await student.choose(section?.id ?? '');
    }
    await registration().letIn(roomId);
    await student.waitUntilInside();
    await student.page.locator('.tabs button').nth(1).click();
    expect(await student.enrol()).toEqual({ [first?.id ?? '']: 'enrolled', [second?.id ?? '']: 'enrolled' });
  });

  it('is the same on two devices, and loses no edit when both change it', async () => {
    const [one, two, three] = (await registration().compatibleSections(3)).map(({ id, code }) => ({ id, code }));
    const [a, b, c] = [one?.id ?? '', two?.id ?? '', three?.id ?? ''];
    const roomId = await registration().createRoom();
    const phone = await pageInLine(roomId, 1);
    await phone.prepare();
    for (const section of [one, two]) {
      await phone.search(section?.code ?? '');
      await phone.choose(section?.id ?? '');
    }
    const desk = await openRoom(roomId);
    // The service knows of the place: the page comes back to it by itself.
    await desk.signIn(`${roomId}-me`);
    await desk.ticket.waitFor();
    await desk.prepare();
    await desk.waitUntilCart([a, b]);

    await desk.search(three?.code ?? '');
    await desk.choose(c);
    await desk.waitUntilCart([a, b, c]);
    await phone.page.locator(`.cart-row[data-section="${a}"] .button-icon`).last().click();
    await phone.waitUntilCart([b, c]);
    await desk.waitUntilCart([b, c]);
  });

  it('is the same in two tabs at once', async () => {
    const [section] = await registration().compatibleSections(1);
    const { id, code } = section ?? { id: '', code: '' };
    const roomId = await registration().createRoom();
    const first = await pageInLine(roomId, 0);
    const second = await openTab(first, roomId);
    for (const tab of [first, second]) await tab.prepare();
    await first.search(code);
    await first.choose(id);
    await second.waitUntilCart([id]);
  });

  it('says before the turn which sections stand in each other’s way, by their order', async () => {
    const [first, second] = await registration().twoOfOneCourse('PSYCH');
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    await student.prepare();
    await student.search(first.code);
    await student.choose(first.id);
    await student.choose(second.id);
    const hint = (id: string) => student.page.locator(`.cart-row[data-section="${id}"] .obstacle p`);
    const sameAs = (other: typeof first) =>
      `It is the same course as ${nameOf(other)}, which comes first in your cart.`;
    expect(await hint(second.id).innerText()).toBe(sameAs(first));
    await student.page.locator(`.cart-row[data-section="${second.id}"] .button-icon`).first().click();
    await hint(second.id).waitFor({ state: 'detached' });
    expect(await hint(first.id).innerText()).toBe(sameAs(second));
  });
});

async function openTab(student: StudentPage, roomId: string): Promise<StudentPage> {
  const tab = await student.anotherTab(`/rooms/${roomId}`);
  pages.push(tab);
  await tab.waitUntilLive();
  return tab;
}

describe('the stop of all seat changes', () => {
  const stop = (reason: string) => registration().operator.call('POST', '/terms/20251/stop', { reason });
  const start = () => registration().operator.call('POST', '/terms/20251/start');

  afterEach(start);

  it('is said before the student has a number, and put away when it is over', async () => {
    await stop('Fire alarm in the library');
    const roomId = await registration().createRoom();
    const student = await openRoom(roomId);
    await student.signIn(`${roomId}-me`);
    const note = student.page.locator('.notice-stop', { hasText: 'The reason: Fire alarm in the library' });
    await note.waitFor();
    expect(await student.page.locator('.lobby').count()).toBe(1);
    await start();
    await note.waitFor({ state: 'detached' });
  });

  it.each([
    ['en-US', 'Enrolling and dropping are stopped for now', 'The reason: Fire alarm in the library'],
    ['ko-KR', '지금은 신청과 취소가 모두 중지되었습니다', '사유: Fire alarm in the library'],
  ])('is said on the page with its reason, and put away when it is over (%s)', async (locale, title, reason) => {
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0, { locale });
    const note = student.page.locator('.notice', { hasText: title });
    await stop('Fire alarm in the library');
    await note.waitFor();
    expect(await note.innerText()).toContain(reason);
    await student.page.reload();
    await note.waitFor();
    await start();
    await note.waitFor({ state: 'detached' });
  });
});

describe('the focus', () => {
  it('goes on beside what was moved, taken out or dropped', async () => {
    const sections = await registration().compatibleSections(3);
    const student = await pageInside();
    const { page } = student;
    for (const { id, code } of sections) {
      await student.search(code);
      await student.choose(id);
    }
    const [one, two, three] = sections.map(nameOf);
    const focused = (): Promise<string> => page.evaluate<string>('document.activeElement?.ariaLabel ?? ""');
    const waitUntilOn = (label: string) => waitFor(async () => (await focused()) === label, { what: label });
    const press = async (label: string): Promise<void> => {
      await page.getByRole('button', { name: label, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await press(`Move ${two} up`);
    await waitUntilOn(`Move ${two} down`);
    await press(`Take ${two} out of the cart`);
    await waitUntilOn(`Take ${one} out of the cart`);
    await student.enrol();
    await press(`Drop ${one}`);
    await student.confirm();
    await waitUntilOn(`Drop ${three}`);
    await press(`Drop ${three}`);
    await student.confirm();
    await student.waitUntilFocused('My classes');
  });
});

describe('the cart', () => {
  it('says what each class and all of them come to, and the limit', async () => {
    const sections = await registration().compatibleSections(2);
    const student = await pageInside();
    for (const { id, code } of sections) {
      await student.search(code);
      await student.choose(id);
    }
    const sum = student.page.locator('.credit-sum');
    await sum.filter({ hasText: '2 credits in your cart. The limit is 6.' }).waitFor();
    expect(await student.page.locator('.cart-credits').allInnerTexts()).toEqual(['1 credit', '1 credit']);
    await student.page.route('**/cart', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), creditLimit: 1 } });
    });
    await student.page.locator('.cart-row .button-icon').nth(1).click();
    await sum.filter({ hasText: '2 credits in your cart. That is over your limit of 1.' }).waitFor();
  });
});

describe('the window of a class year', () => {
  const setWindows = (windows: Record<string, { from?: string; until?: string }> | null) =>
    registration().operator.call('PATCH', '/terms/20251/policy', { windows });
  const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

  afterEach(() => setWindows(null));

  it('that is still to come is counted down at the door, and the place is taken when it opens', async () => {
    const roomId = await registration().createRoom({ site: false });
    await setWindows({ other: { from: inHours(0.8) } });
    const student = await openRoom(roomId);
    await student.signIn(`${roomId}-me`);
    await student.page.locator('.lobby .button-primary').click();
    await student.page.getByRole('heading', { name: 'Your turn comes later' }).waitFor();
    expect(await student.page.locator('.countdown-clock').innerText()).toMatch(/^4\d:\d\d$/);
    expect(await student.page.locator('.lobby .button-primary').count()).toBe(0);
    await setWindows(null);
    await student.ticket.waitFor();
  });

  it.each([
    [
      'both to come',
      'en-US',
      { from: inHours(1), until: inHours(25) },
      /^Your class year can enrol from .+ until .+\.$/,
    ],
    ['its opening', 'ko-KR', { from: inHours(1) }, /^해당 학년은 .+부터 신청할 수 있습니다\.$/],
    ['its end', 'en-US', { from: inHours(-1), until: inHours(1) }, /^Your class year can enrol until .+\.$/],
    ['that it is over', 'ko-KR', { until: inHours(-1) }, /^해당 학년의 신청은 .+에 끝났습니다\.$/],
  ])('is said where the cart is prepared: %s (%s)', async (_, locale, window, words) => {
    await setWindows({ other: window });
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0, { locale });
    await student.prepare();
    expect(await student.page.locator('.window-note').innerText()).toMatch(words);
  });

  it('is not mentioned where there is none', async () => {
    await setWindows({ senior: { from: inHours(1) } });
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    const answered = student.page.waitForResponse((response) => response.url().endsWith('/terms/20251/window'));
    await student.prepare();
    expect(await (await answered).json()).toMatchObject({ classYear: null, opensAt: null, closesAt: null });
    await student.waitUntilCart([]);
    expect(await student.page.locator('.window-note').count()).toBe(0);
  });
});

describe('a waitlist', () => {
  it('gives the freed seat to the one who waits, who hears of it at once, inside or not', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail());
    const student = await pageInside();
    await student.joinWaitlist(full);
    expect(await student.waitlistRow(full.id).getAttribute('data-position')).toBe('1');
    await student.finish();
    await student.waitUntilEnded('finished');
    await student.waitlistRow(full.id).waitFor();

    await full.free();
    await student.classRow(full.id).waitFor();
    expect(await student.news(full.id).innerText()).toContain(`You have a seat in ${nameOf(full)}.`);
    await student.waitlistRow(full.id).waitFor({ state: 'detached' });
  });

  it('moves up those who stay when somebody ahead is served', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail());
    const [first, second] = [await pageInside(), await pageInside()];
    await first.joinWaitlist(full);
    await second.joinWaitlist(full);
    const row = second.waitlistRow(full.id);
    expect(await row.getAttribute('data-position')).toBe('2');
    await full.free();
    await first.classRow(full.id).waitFor();
    await second.page.locator(`.waitlist-row[data-section="${full.id}"][data-position="1"]`).waitFor();
  });

  it('is left after a question', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail());
    const student = await pageInside();
    await student.joinWaitlist(full);
    await student.waitlistRow(full.id).locator('button').click();
    await student.confirm();
    await student.waitlistRow(full.id).waitFor({ state: 'detached' });
    await student.page.getByText(`You no longer wait for ${nameOf(full)}.`).waitFor();
  });

  it('is offered from the answer to a cart that came too late', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail());
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    await student.prepare();
    await student.search(full.code);
    await student.choose(full.id);
    await registration().letIn(roomId);
    await student.waitUntilInside();
    expect(await student.enrol()).toEqual({ [full.id]: 'refused' });
    await student.page.locator('.result .button-waitlist').click();
    await student.waitlistRow(full.id).waitFor();
    await student.waitUntilCart([]);
  });
});

describe('an offered seat', () => {
  it('counts down by the server’s clock, and is taken without being inside', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail(), { waitlist: 'offer', offerSeconds: 900 });
    const student = await pageInside();
    await student.joinWaitlist(full);
    await student.finish();
    await student.waitUntilEnded('finished');
    await full.free();
    await student.news(full.id).waitFor();
    const offer = student.offer(full.id);
    expect(await offer.locator('.offer-clock').innerText()).toMatch(/^1[45]:\d\d$/);
    await offer.locator('.button-primary').click();
    await student.classRow(full.id).waitFor();
    await offer.waitFor({ state: 'detached' });
  });

  it('awaits whoever comes back later, with another device and without a place in line', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail(), { waitlist: 'offer', offerSeconds: 900 });
    const roomId = await registration().createRoom({ ratePerSecond: 100 });
    const before = await openRoom(roomId);
    await before.enterAtOnce(`${roomId}-me`);
    await before.joinWaitlist(full);
    await before.page.close();
    await full.free();

    const later = await openRoom(await registration().createRoom());
    await later.signIn(`${roomId}-me`);
    await later.page.locator('.offers-hint .button').click();
    await later.offer(full.id).locator('.button-primary').click();
    await later.classRow(full.id).waitFor();
    expect(await later.news(full.id).count()).toBe(0);
  });

  it('goes to the next when it is declined', async () => {
    const [section] = await registration().compatibleSections(1);
    const full = await registration().takeLastSeat(section ?? fail(), { waitlist: 'offer', offerSeconds: 900 });
    const [first, second] = [await pageInside(), await pageInside()];
    await first.joinWaitlist(full);
    await second.joinWaitlist(full);
    await full.free();
    await first.offer(full.id).locator('.button').last().click();
    await first.confirm();
    await second.offer(full.id).waitFor();
    await first.offer(full.id).waitFor({ state: 'detached' });
  });
});

describe('a swap', () => {
  it('that is refused keeps the old seat, and says so', async () => {
    const [mine, wanted] = await registration().compatibleSections(2);
    const full = await registration().takeLastSeat(wanted ?? fail());
    const roomId = await registration().createRoom();
    const student = await pageInLine(roomId, 0);
    await student.prepare();
    for (const { id, code } of [mine ?? fail(), full]) {
      await student.search(code);
      await student.choose(id);
    }
    await registration().letIn(roomId);
    await student.waitUntilInside();
    expect(await student.enrol()).toEqual({ [mine?.id ?? '']: 'enrolled', [full.id]: 'refused' });
    await student.swap(mine?.id ?? '', full);
    const answer = student.page.locator('dialog [data-swap=kept]');
    expect(await answer.innerText()).toMatch(new RegExp(`^You keep ${nameOf(mine ?? fail())}\\.`));
    expect(await answer.innerText()).toContain('No seats are left.');
    await student.closeDialog();
    await student.classRow(mine?.id ?? '').waitFor();
    expect(await student.classRow(full.id).count()).toBe(0);
  });

  it('that is possible gives one for the other', async () => {
    const [mine, wanted] = await registration().twoOfOneCourse('MUSIC');
    const student = await pageInside();
    await take(student, mine);
    await student.search(wanted.code);
    await student.choose(wanted.id);
    await student.page.locator(`.cart-row[data-section="${wanted.id}"] .button-swap`).click();
    await student.page.locator('dialog .button-primary').click();
    await student.page.getByText(`You now have ${nameOf(wanted)} instead of ${nameOf(mine)}.`).waitFor();
    await student.page.locator('dialog > .button-wide').click();
    await student.page.locator('dialog').waitFor({ state: 'detached' });
    await student.classRow(wanted.id).waitFor();
    await student.classRow(mine.id).waitFor({ state: 'detached' });
    await student.waitUntilCart([]);
  });
});

describe('a rule of the operator', () => {
  it('against dropping at this hour is said, and the class is kept', async () => {
    const [section] = await registration().compatibleSections(1);
    const { id } = section ?? fail();
    const student = await pageInside();
    await take(student, section ?? fail());
    await registration().changeSection(id, { dropBlocked: [{ from: '00:00', to: '24:00' }] });
    await student.classRow(id).locator('.button-drop').click();
    await student.confirm();
    await student.page.getByText('Dropping is not possible at this hour.').waitFor();
    await student.classRow(id).waitFor();
  });

  it('with an end of dropping is said at the class before and after, and refused with that time', async () => {
    const [section] = await registration().compatibleSections(1);
    const { id } = section ?? fail();
    await registration().changeSection(id, { dropUntil: new Date(Date.now() + 86_400_000).toISOString() });
    const student = await pageInside();
    await take(student, section ?? fail());
    const deadline = student.classRow(id).locator('.class-deadline');
    expect(await deadline.innerText()).toMatch(/^Drop or swap until /);
    await registration().changeSection(id, { dropUntil: new Date(Date.now() - 1_000).toISOString() });
    await student.classRow(id).locator('.button-drop').click();
    await student.confirm();
    await student.page.getByText(/^The time for dropping and swapping is over\. It ended /).waitFor();
    await student.page.reload();
    await student.classRow(id).locator('.class-deadline[data-over=true]').waitFor();
  });

  it('that closes a class is said to those who have it', async () => {
    const [section] = await registration().compatibleSections(1);
    const { id } = section ?? fail();
    const student = await pageInside();
    await take(student, section ?? fail());
    await registration().changeSection(id, { capacity: 0, force: true });
    await student.classRow(id).getByText('You are still enrolled; please ask the registrar').waitFor();
  });

  it('that opens later for the student’s year is said with its time, for each section', async () => {
    const [section] = await registration().compatibleSections(1);
    const student = await pageInside();
    const opens = new Date(Date.now() + 3_600_000).toISOString();
    await registration().changeTerm({ windows: { other: { from: opens } } });
    try {
      await student.search(section?.code ?? '');
      await student.choose(section?.id ?? '');
      expect(await student.enrol()).toEqual({ [section?.id ?? '']: 'refused' });
      const reason = await student.page.locator('.result-reason').innerText();
      expect(reason).toMatch(/^Your turn to register has not begun yet\. It begins /);
    } finally {
      await registration().changeTerm({ windows: null });
    }
  });
});

describe('the classes', () => {
  it('that cannot be read are not passed over in silence', async () => {
    const student = await openRoom(await registration().createRoom());
    const error = { code: 'not_on_roster', message: 'no', retryable: false };
    await student.page.route('**/api/terms/*/enrolments', (route) => route.fulfill({ status: 403, json: { error } }));
    await student.signIn('not-on-the-roster');
    await student.page.locator('.prepare .button-quiet').click();
    const said = student.page.locator('.panel-classes [role=alert]');
    expect(await said.locator('.message').innerText()).toContain('You are not on the list of students');
  });
});

describe('the search', () => {
  it('whose next page failed asks for that page again', async () => {
    const student = await pageInLine(await registration().createRoom(), 0);
    await student.prepare();
    const { page } = student;
    const error = { code: 'not_found', message: 'no', retryable: false };
    const refuse = (route: Route) => route.fulfill({ status: 404, json: { error } });
    await page.route('**/sections?*page=2&*', refuse, { times: 1 });
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('.panel-search [role=alert]').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('.section').nth(20).waitFor();
    const answer = await fetch(`${registration().pod.url}/api/terms/20251/sections?page=1&pageSize=40`);
    const { sections } = (await answer.json()) as { sections: { id: string }[] };
    expect(await student.found()).toEqual(sections.map(({ id }) => id));
  });
});

describe('the mails', () => {
  it('can be read beside the classes, as they were written', async () => {
    const [section] = await registration().compatibleSections(1);
    const student = await pageInside();
    await take(student, section ?? fail());
    await student.page.locator('.button-mails').click();
    const mail = student.page.locator('.mail').first();
    await mail.locator('summary').click();
    expect(await mail.locator('.mail-text').innerText()).toContain(section?.code);
  });
});

function fail(): never {
  throw new Error('there is no such section');
}
