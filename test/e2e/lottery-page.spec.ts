import type { StudentTab } from '../support/student';
import { waitFor } from '../../load/support/wait-for';
import { usePages } from './support/pages';
import type { StudentPage } from './support/student-page';

const { registration, openRoom } = usePages();

const SENTENCE = {
  'en-US': 'Everyone who comes before the opening is put in order by lot at the opening.',
  'ko-KR': '시작 전에 온 학생들의 순서는 시작할 때 추첨으로 정해집니다.',
};

const soon = (): number => Date.now() + 3_000_000;

/** No place anywhere: not on the slip, not in the title, and no number that says who came first. */
async function expectNoPlace({ page, position, ticket }: StudentPage): Promise<void> {
  expect(await position.getAttribute('data-position')).toBe('');
  expect(await ticket.innerText()).not.toMatch(/\d/);
  expect(await page.title()).not.toMatch(/\d/);
}

describe('the page of a room with a lottery', () => {
  it.each(['en-US', 'ko-KR'] as const)(
    'says before the draw that lots decide, and shows no place (%s)',
    async (locale) => {
      // A room that lets nobody in shows no speed either.
      const roomId = await registration().createRoom({ lottery: true, opensAt: soon() });
      await registration().fill(roomId, 2);
      const student = await openRoom(roomId, { locale });
      const sentence = student.page.getByText(SENTENCE[locale]);
      await student.signIn(`${roomId}-me`);
      await sentence.waitFor();
      await student.join();
      await sentence.waitFor();
      await expectNoPlace(student);
      await student.page.reload();
      await student.waitUntilLive();
      await sentence.waitFor();
      await expectNoPlace(student);
    },
  );

  it('shows the drawn place by itself after the draw, and the same after a reload', async () => {
    const roomId = await registration().createRoom({ lottery: true, opensAt: soon() });
    const before = await registration().fill(roomId, 3);
    const student = await openRoom(roomId);
    await student.enter(`${roomId}-me`);
    await expectNoPlace(student);
    await registration().operator.changeRoom(roomId, { opensAt: Date.now() });
    await student.waitUntilPlaced();
    const others = before.map((tab) => () => tab.positions.at(-1) ?? 0);
    await waitFor(() => others.every((position) => position() > 0), { what: 'the others to be drawn' });
    const position = await student.shownPosition();
    expect([position, ...others.map((other) => other())].sort()).toEqual([1, 2, 3, 4]);
    await student.page.getByText(SENTENCE['en-US']).waitFor({ state: 'detached' });
    const titled = async (): Promise<boolean> => (await student.page.title()).includes(`(${position})`);
    await waitFor(titled, { what: 'the position in the title' });
    const number = `Ticket no. ${4 + position}`;
    await waitFor(async () => (await student.shownNumber()) === number, { what: number });
    expect(numbersOf(before)).not.toContain(4 + position);
    await student.page.reload();
    await student.waitUntilLive();
    expect(await student.shownPosition()).toBe(position);
    expect(await student.shownNumber()).toBe(number);
  });

  it('lets those who leave before the draw take part again', async () => {
    const roomId = await registration().createRoom({ lottery: true, opensAt: soon() });
    const student = await openRoom(roomId);
    await student.enter(`${roomId}-me`);
    await student.page.locator('.waiting-actions .button-quiet').click();
    await student.page.locator('dialog[open] .button-danger').click();
    await student.page.getByText('You take no part in the draw now.').waitFor();
    await student.page.getByRole('button', { name: 'Take a new number' }).click();
    await student.page.getByText(SENTENCE['en-US']).waitFor();
    await expectNoPlace(student);
  });

  it('is a line like any other to those who come after the draw', async () => {
    const roomId = await registration().createRoom({ lottery: true });
    const student = await openRoom(roomId);
    await student.signIn(`${roomId}-me`);
    await student.page.locator('.badge[data-state=open]').waitFor();
    await student.page.getByText(SENTENCE['en-US']).waitFor({ state: 'detached' });
    await student.join();
    await student.waitUntilPosition(1);
  });
});

function numbersOf(tabs: StudentTab[]): (number | undefined)[] {
  return tabs.map(({ ticket }) => ticket?.number);
}
