import type { BrowserContext, Locator, Page } from 'playwright-core';
import { waitFor } from '../../../load/support/wait-for';

/** The student page in one tab, as somebody in front of it sees and uses it. */
export class StudentPage {
  private constructor(
    readonly page: Page,
    readonly url: string,
    /** What the page threw; a test ends with none. */
    readonly failures: string[],
  ) {}

  static async open(context: BrowserContext, url: string, path = '/'): Promise<StudentPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    const student = new StudentPage(page, url, failures);
    await page.goto(url + path);
    return student;
  }

  /** The same browser once more: the sign-in is shared, and so is what it remembers. */
  anotherTab(path: string): Promise<StudentPage> {
    return StudentPage.open(this.page.context(), this.url, path);
  }

  get position(): Locator {
    return this.page.getByTestId('position');
  }

  /** The number slip; `data-live` says whether what it shows is current. */
  get ticket(): Locator {
    return this.page.locator('.ticket');
  }

  async signIn(studentId: string, name = `Student ${studentId}`): Promise<void> {
    await this.page.locator('[name=studentId]').fill(studentId);
    await this.page.locator('[name=name]').fill(name);
    await this.page.locator('form button').click();
    await this.page.locator('form').waitFor({ state: 'detached' });
  }

  /** Takes a number, and waits until it is shown. */
  async join(): Promise<void> {
    await this.page.locator('.lobby .button-primary').click();
    await this.ticket.waitFor();
  }

  /** Signs in and takes a number. */
  async enter(studentId: string): Promise<void> {
    await this.signIn(studentId);
    await this.join();
  }

  /** Signs in and takes a number where nobody has to wait. */
  async enterAtOnce(studentId: string): Promise<void> {
    await this.signIn(studentId);
    await this.page.locator('.lobby .button-primary').click();
    await this.waitUntilInside();
  }

  async shownPosition(): Promise<number> {
    return Number(await this.position.getAttribute('data-position'));
  }

  /** The ticket number as it is written, with its word. */
  async shownNumber(): Promise<string> {
    return this.page.locator('.ticket-number').innerText();
  }

  async waitUntilLive(): Promise<void> {
    await this.page.locator('.ticket[data-live=true]').waitFor();
  }

  async waitUntilPosition(position: number): Promise<void> {
    await waitFor(async () => (await this.shownPosition()) === position, { what: `position ${position}` });
  }

  /** Any position is shown. */
  async waitUntilPlaced(): Promise<void> {
    await this.page.locator('.ticket-position:not([data-position=""])').waitFor();
  }

  /** Inside, with the door open: the time left is shown. */
  async waitUntilInside(): Promise<void> {
    await this.page.getByTestId('time-left').waitFor();
  }

  /** The focus is on what has exactly this text. */
  async waitUntilFocused(text: string): Promise<void> {
    const focused = (): Promise<string> => this.page.evaluate<string>('document.activeElement?.textContent ?? ""');
    await waitFor(async () => (await focused()) === text, { what: `the focus on "${text}"` });
  }

  async waitUntilEnded(reason: string): Promise<void> {
    await this.page.locator(`.ended[data-reason=${reason}]`).waitFor();
  }

  async search(words: string): Promise<void> {
    const answered = this.page.waitForResponse(
      (response) => new URL(response.url()).searchParams.get('query') === words,
    );
    await this.page.locator('[name=query]').fill(words);
    await answered;
    await this.page.locator('.section-list[aria-busy=false]').waitFor();
  }

  /** Puts a section into the cart. */
  async choose(sectionId: string): Promise<void> {
    await this.page.locator(`.section[data-section="${sectionId}"] button`).click();
  }

  /** Commits the cart, and gives the outcome of each section. */
  async enrol(): Promise<Record<string, string>> {
    await this.page.locator('.panel-cart .button-primary').click();
    const results = this.page.locator('.result');
    await results.first().waitFor();
    return Object.fromEntries((await attributesOf(results, 'section', 'outcome')) as [string, string][]);
  }

  /** A class among the student's own. */
  classRow(sectionId: string): Locator {
    return this.page.locator(`.class-row[data-section="${sectionId}"]:not(.waitlist-row)`);
  }

  /** A class that the student waits for; `data-position` says where. */
  waitlistRow(sectionId: string): Locator {
    return this.page.locator(`.waitlist-row[data-section="${sectionId}"]`);
  }

  /** A seat that is kept for the student's answer. */
  offer(sectionId: string): Locator {
    return this.page.locator(`.offer[data-section="${sectionId}"]`);
  }

  /** What the page says by itself of a class. */
  news(sectionId: string): Locator {
    return this.page.locator(`[role=status] .news[data-section="${sectionId}"]`);
  }

  /** Goes to the cart before the turn has come. */
  async prepare(): Promise<void> {
    await this.page.locator('.prepare .button').click();
    await this.page.locator('.section-list[aria-busy=false]').waitFor();
  }

  /** Finds a section by its code and asks for a place on its waitlist. */
  async joinWaitlist({ id, code }: { id: string; code: string }): Promise<void> {
    await this.search(code);
    await this.page.locator(`.section[data-section="${id}"] .button-waitlist`).click();
    await this.waitlistRow(id).waitFor();
  }

  /** Asks for one class instead of another, which is found by its code; the answer stays open. */
  async swap(giveId: string, take: { id: string }): Promise<void> {
    await this.classRow(giveId).locator('.button-swap').click();
    await this.page.locator(`.dialog input[name=take][value="${take.id}"]`).check();
    await this.page.locator('.dialog .button-primary').click();
  }

  /** Puts away what stands above the page. */
  async closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.dialog').waitFor({ state: 'detached' });
  }

  /** Answers the question that is open with what it asks about. */
  async confirm(): Promise<void> {
    await this.page.locator('.dialog .button-danger').click();
  }

  /** Waits until exactly these are in the cart, in this order. */
  async waitUntilCart(sectionIds: string[]): Promise<void> {
    const same = async () => (await this.cart()).join() === sectionIds.join();
    await waitFor(same, { what: `the cart ${sectionIds.join()}` });
  }

  /** The sections in the cart, in their order. */
  cart(): Promise<string[]> {
    return this.sectionIds('.cart-row');
  }

  /** The sections that the search shows, in their order. */
  found(): Promise<string[]> {
    return this.sectionIds('.section');
  }

  /** Leaves the inside for good. */
  async finish(): Promise<void> {
    await this.page.locator('.bar-inside > .button').click();
    await this.page.locator('.dialog .button-primary').click();
  }

  /** What sticks out of the window sideways, px. */
  async sidewaysOverflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  }

  /** What can be pressed or counts most, and stays under something else however one scrolls; empty when all is well. */
  async covered(): Promise<string[]> {
    return this.page.evaluate<string[]>(`(() => {
      const top = document.querySelector('dialog[open]') ?? document.querySelector('main');
      const counts = 'button, a, input, select, summary, .ticket-position, .ticket dd, .bar-number, .time-left-clock';
      return [...top.querySelectorAll(counts)].filter((element) => {
        if (element.getClientRects().length === 0) return false;
        element.scrollIntoView({ block: 'nearest' });
        const { left, top, width, height } = element.getBoundingClientRect();
        const seen = document.elementFromPoint(left + width / 2, top + height / 2);
        return !seen || (!element.contains(seen) && !seen.contains(element));
      }).map((element) => element.className + ': ' + element.textContent);
    })()`);
  }

  /** Whether the word of a lost connection lies on the number slip. */
  async underBanner(): Promise<boolean> {
    const [banner, slip] = await Promise.all([
      this.page.locator('.connection').boundingBox(),
      this.ticket.boundingBox(),
    ]);
    return banner !== null && slip !== null && banner.y < slip.y + slip.height && slip.y < banner.y + banner.height;
  }

  private async sectionIds(rows: string): Promise<string[]> {
    return (await attributesOf(this.page.locator(rows), 'section')).flat();
  }
}

/** Data attributes of each element, all of one moment: asked one by one, an element that has gone would be waited for. */
function attributesOf(elements: Locator, ...names: string[]): Promise<string[][]> {
  const read = (found: { dataset: Record<string, string | undefined> }[], wanted: string[]): string[][] =>
    found.map(({ dataset }) => wanted.map((name) => dataset[name] ?? ''));
  return elements.evaluateAll(read, names);
}
