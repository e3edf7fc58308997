import { barriersOf } from './support/barriers';
import { usePages } from './support/pages';
import type { StudentPage } from './support/student-page';
import { throughAllViews, throughLottery } from './support/views';

const pages = usePages();

/** Each test goes through some twenty views, and looks at every one of them closely. */
jest.setTimeout(300_000);

/** A browser to which the service names every place and class at length, in words that have no space. */
const openWithLongNames: typeof pages.openRoom = async (roomId, options) => {
  const student = await pages.openRoom(roomId, options);
  await student.page.route('**/api/terms/**', async (route) => {
    const response = await route.fetch();
    const body = (await response.text())
      .replaceAll(/"location":"[^"]*"/g, '"location":"Convention-Hall-Building-Nr-1234-Auditorium-West"')
      .replaceAll('"title":"', '"title":"Donaudampfschifffahrtsgesellschaftsgeschichte ');
    await route.fulfill({ response, body });
  });
  return student;
};

describe('every view', () => {
  it.each([
    ['light', 'ko-KR', { width: 390, height: 844 }],
    ['dark', 'en-US', { width: 390, height: 844 }],
    ['light', 'en-US', { width: 1280, height: 800 }],
    ['dark', 'ko-KR', { width: 1280, height: 800 }],
  ] as const)('has no serious barrier (%s, %s, %p)', async (colorScheme, locale, viewport) => {
    const barriers: Record<string, string[]> = {};
    const look = async (view: string, student: StudentPage): Promise<void> => {
      const found = await barriersOf(student.page, ['serious', 'critical']);
      if (found.length > 0) barriers[view] = found;
    };
    await throughAllViews(pages, { colorScheme, locale, viewport }, look);
    await throughLottery(pages, { colorScheme, locale, viewport }, look);
    expect(barriers).toEqual({});
  });

  it.each(['en-US', 'ko-KR'])(
    'fits a small phone without scrolling sideways, and nothing stays covered, whatever rooms and classes are called (%s)',
    async (locale) => {
      const phone = { locale, viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true };
      const overflows: Record<string, number> = {};
      const covered: Record<string, string[]> = {};
      const look = async (view: string, student: StudentPage): Promise<void> => {
        const overflow = await student.sidewaysOverflow();
        if (overflow > 0) overflows[view] = overflow;
        // As it is, and as a desk shows it at 400 %.
        for (const height of [568, 200]) {
          await student.page.setViewportSize({ width: 320, height });
          const under = await student.covered();
          if (under.length > 0) covered[`${view}, ${height} px`] = under;
        }
        await student.page.setViewportSize(phone.viewport);
      };
      await throughAllViews({ ...pages, openRoom: openWithLongNames }, phone, look);
      await throughLottery(pages, phone, look);
      expect({ overflows, covered }).toEqual({ overflows: {}, covered: {} });
    },
  );
});
