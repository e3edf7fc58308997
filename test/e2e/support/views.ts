import type { StudentPage } from './student-page';
import type { usePages } from './pages';

type Pages = ReturnType<typeof usePages>;

/** Leads one student through every main view of the page, and lets `look` see each: signed out to closed. */
export async function throughAllViews(
  { registration, openRoom }: Pages,
  options: Parameters<Pages['openRoom']>[1],
  look: (view: string, student: StudentPage) => Promise<void>,
): Promise<void> {
  const [wanted, offered, waited] = await registration().compatibleSections(3);
  if (!wanted || !offered || !waited) throw new Error('three sections were asked for');
  const roomId = await registration().createRoom();
  await registration().fill(roomId, 1);
  const student = await openRoom(roomId, options);
  const { page } = student;
  const tab = async (index: number): Promise<void> => {
    const button = page.locator('.tabs button').nth(index);
    if (await button.isVisible()) await button.click();
  };

  await page.locator('form').waitFor();
  await look('signed out', student);
  await student.signIn(`${roomId}-me`);
  await page.locator('.lobby').waitFor();
  await look('lobby', student);
  await student.join();
  await look('waiting', student);
  await page.locator('.back button').click();
  await page.locator('.room-choice-place').waitFor();
  await look('list in line', student);
  await page.goBack();
  await student.prepare();
  await student.search(wanted.code);
  await student.choose(wanted.id);
  await look('search in line', student);
  await page.locator('.filters summary').click();
  await page.locator('[name=day]').selectOption('Tu');
  await look('search with filters', student);
  await page.locator('.filters .button-quiet').click();
  await page.locator('.filters summary').click();
  await tab(1);
  await look('cart in line', student);

  await registration().letIn(roomId);
  await student.waitUntilInside();
  await student.enrol();
  await look('answers', student);
  const held = await registration().takeLastSeat(offered, { waitlist: 'offer' });
  for (const full of [held, await registration().takeLastSeat(waited)]) {
    await tab(0);
    await student.search(full.code);
    await look('full section', student);
    await page.locator(`.section[data-section="${full.id}"] .button-waitlist`).click();
    await page.locator(`.section[data-section="${full.id}"] [data-waitlist]`).waitFor();
  }
  await held.free();
  await student.news(held.id).locator('.button').waitFor();
  await look('news', student);
  await student.news(held.id).locator('.button').click();
  await student.offer(held.id).waitFor();
  await look('classes', student);
  await student.classRow(wanted.id).locator('.button-swap').click();
  await page.locator('dialog[open]').waitFor();
  await look('swap', student);
  await student.closeDialog();
  await page.locator('.button-mails').click();
  await page.locator('.mail summary').first().click();
  await look('mails', student);
  await student.closeDialog();
  await student.finish();
  await student.waitUntilEnded('finished');
  await look('finished', student);
  await registration().operator.call('POST', `/rooms/${roomId}/close`);
  await page.reload();
  await page.locator('.lobby .prepare .button').waitFor();
  await look('closed', student);
}

/** Leads one student through the views of a room whose lottery is not drawn yet, to the drawn place. */
export async function throughLottery(
  { registration, openRoom }: Pages,
  options: Parameters<Pages['openRoom']>[1],
  look: (view: string, student: StudentPage) => Promise<void>,
): Promise<void> {
  const roomId = await registration().createRoom({ lottery: true, opensAt: Date.now() + 3_000_000 });
  await registration().fill(roomId, 2);
  const student = await openRoom(roomId, options);
  await student.signIn(`${roomId}-me`);
  await student.page.locator('.lobby .message').waitFor();
  await look('lobby before the draw', student);
  await student.join();
  await look('waiting for the draw', student);
  await student.prepare();
  await look('search before the draw', student);
  await student.page.goBack();
  await student.ticket.waitFor();
  await registration().operator.changeRoom(roomId, { opensAt: Date.now() });
  await student.waitUntilPlaced();
  await look('drawn', student);
}
