import type { Route } from 'playwright-core';
import type { Section } from '../../src/contract/catalogue';
import { waitFor } from '../../load/support/wait-for';
import { usePages } from './support/pages';
import type { StudentPage } from './support/student-page';

const { registration, pageInLine } = usePages();

jest.setTimeout(120_000);

async function searching(): Promise<StudentPage> {
  const roomId = await registration().createRoom();
  const student = await pageInLine(roomId, 0);
  await student.prepare();
  return student;
}

const untilFound = (student: StudentPage, ids: string[]): Promise<unknown> =>
  waitFor(async () => (await student.found()).join() === ids.join(), { what: `${ids.join()} to be found` });

describe('the search on the page', () => {
  it('keeps the answer to what was typed last, however late an earlier one comes', async () => {
    const [first] = await registration().openSections('ALGEBRA NORTON');
    const [last] = await registration().openSections('0000162385');
    const student = await searching();
    const held: Route[] = [];
    await student.page.route(/query=algebra/, (route) => void held.push(route));
    await student.page.locator('[name=query]').fill('algebra norton');
    await waitFor(() => held.length > 0, { what: 'the first search to go out' });
    await student.search('0000162385');
    await untilFound(student, [last?.id ?? '']);
    // It was given up with the next key; whoever answers it now speaks to nobody.
    for (const route of held) await route.continue().catch(() => undefined);
    await student.search('norton abstract');
    await untilFound(student, [first?.id ?? '']);
  });

  it('is narrowed by the keyboard alone to a day, to hours and to what fits beside the cart, and back', async () => {
    const student = await searching();
    const { page } = student;
    const [chosen] = await registration().openSections('PHYS 130');
    await student.search(chosen?.code ?? '');
    await student.choose(chosen?.id ?? '');
    await page.locator('[name=openOnly]').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('[name=day]').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('Tue');
    await page.locator('[name=from]').focus();
    await page.keyboard.type('10:00');
    await page.locator('[name=fits]').focus();
    const answered = page.waitForResponse((response) => response.url().includes('fits='));
    await page.keyboard.press('Space');
    const asked = new URL((await answered).url()).searchParams;
    expect([asked.get('day'), asked.get('from'), asked.getAll('fits')]).toEqual(['Tu', '10:00', [chosen?.id]]);
    expect(await page.locator('.filters summary').innerText()).toContain('3 on');
    const { sections } = (await (await answered).json()) as { sections: Section[] };
    await untilFound(
      student,
      sections.map(({ id }) => id),
    );
    await page.locator('.filters .button-quiet').click();
    await page.locator('.filters-set').waitFor({ state: 'detached' });
    expect(await page.locator('[name=query]').inputValue()).toBe(chosen?.code);
    await waitFor(async () => (await student.found()).includes(chosen?.id ?? ''), { what: 'all of them again' });
  });
});
