import { Registration } from './registration';
import { StudentPage } from './student-page';

export type BrowserOptions = Parameters<Registration['newBrowser']>[0];

/** A registration for the tests of one file, and the ways to stand in it. A test in which a page throws fails. */
export function usePages() {
  let started: Registration | undefined;
  const pages: StudentPage[] = [];

  beforeAll(async () => {
    started = await Registration.start();
  });

  afterEach(async () => {
    const failures = pages.splice(0).flatMap(({ failures: thrown }) => thrown);
    await started?.tidy();
    expect(failures).toEqual([]);
  });

  afterAll(async () => {
    await started?.stop();
  });

  const registration = (): Registration => {
    if (!started) throw new Error('the registration runs only inside tests');
    return started;
  };

  /** A new browser of its own, at the room's page. */
  const openRoom = async (roomId: string, options?: BrowserOptions): Promise<StudentPage> => {
    const context = await registration().newBrowser(options);
    const page = await StudentPage.open(context, registration().pod.url, `/rooms/${roomId}`);
    pages.push(page);
    return page;
  };

  /** A page that stands in a room's line behind `ahead` others. */
  const pageInLine = async (roomId: string, ahead: number, options?: BrowserOptions): Promise<StudentPage> => {
    await registration().fill(roomId, ahead);
    const student = await openRoom(roomId, options);
    await student.enter(`${roomId}-me`);
    return student;
  };

  /** A page that was let in. */
  const pageInside = async (settings: Record<string, unknown> = {}, options?: BrowserOptions): Promise<StudentPage> => {
    const roomId = await registration().createRoom(settings);
    const student = await pageInLine(roomId, 0, options);
    await registration().letIn(roomId);
    await student.waitUntilInside();
    return student;
  };

  return { registration, pages, openRoom, pageInLine, pageInside };
}
