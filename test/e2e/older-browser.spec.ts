import { usePages } from './support/pages';
import { StudentPage } from './support/student-page';

const { registration, pages } = usePages();

/** Takes away, before the page begins, what Safari 15.0 lacks and newer browsers have; each name once. */
const AS_SAFARI_15 = `
  const without = (owner, ...names) => { for (const name of names) delete owner?.[name]; };
  without(globalThis, 'structuredClone', 'HTMLDialogElement', 'BroadcastChannel', 'Navigation', 'navigation');
  without(globalThis.HTMLElement.prototype, 'inert', 'popover', 'showPopover', 'hidePopover', 'togglePopover');
  without(AbortSignal, 'timeout', 'any');
  without(AbortSignal.prototype, 'reason', 'throwIfAborted');
  without(Object, 'hasOwn', 'groupBy');
  without(Map, 'groupBy');
  without(Promise, 'withResolvers', 'try');
  without(Array, 'fromAsync');
  for (const list of [Array, Uint8Array.__proto__])
    without(list.prototype, 'at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with');
  without(String.prototype, 'at', 'isWellFormed', 'toWellFormed');
  without(Set.prototype, 'union', 'intersection', 'difference', 'isSubsetOf');
  without(Crypto.prototype, 'randomUUID');
  without(Element.prototype, 'checkVisibility');
  without(HTMLFormElement.prototype, 'requestSubmit');
  without(URL, 'canParse', 'parse');
  without(globalThis, 'requestIdleCallback', 'scheduler');
`;

/** The same for style: rules that such a browser does not understand are dropped by this one, too. */
const asSafari15 = (css: string): string => css.replaceAll(':has(', ':unknown(').replaceAll('dvh', 'unknown');

async function openOlder(path: string): Promise<StudentPage> {
  const context = await registration().newBrowser({ viewport: { width: 390, height: 844 } });
  await context.addInitScript(AS_SAFARI_15);
  await context.route('**/assets/*.css', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: asSafari15(await response.text()) });
  });
  const student = await StudentPage.open(context, registration().pod.url, path);
  pages.push(student);
  return student;
}

describe('a browser of 2021', () => {
  it('leads from the sign-in through the line to a seat, and asks before it is given back', async () => {
    const [section] = await registration().compatibleSections(1);
    const { id, code } = section ?? { id: '', code: '' };
    const roomId = await registration().createRoom();
    const student = await openOlder(`/rooms/${roomId}`);
    const { page } = student;
    await student.enter(`${roomId}-me`);
    const leave = page.locator('.waiting-actions .button-quiet');
    await leave.click();
    await student.waitUntilFocused('Stay in line');
    for (const focused of ['Give up my place', 'Stay in line']) {
      await page.keyboard.press('Tab');
      await student.waitUntilFocused(focused);
    }
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    await student.waitUntilFocused('Leave the line');

    await student.prepare();
    await student.search(code);
    await student.choose(id);
    await registration().letIn(roomId);
    await student.waitUntilInside();
    await page.locator('.tabs button').nth(1).click();
    expect(await student.enrol()).toEqual({ [id]: 'enrolled' });
    await page.locator('.tabs button').nth(2).click();
    await student.classRow(id).locator('.button-drop').click();
    await student.confirm();
    await student.classRow(id).waitFor({ state: 'detached' });
    await student.finish();
    await student.waitUntilEnded('finished');
  });
});
