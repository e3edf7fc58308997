import type { BrowserContext, Locator, Page } from 'playwright-core';

/** The operators' console in one tab, as somebody in front of it uses it. */
export class OperatorConsole {
  private constructor(
    readonly page: Page,
    readonly url: string,
    /** What the page threw; a test ends with none. */
    readonly failures: string[],
  ) {}

  static async open(context: BrowserContext, url: string, path = '/operator'): Promise<OperatorConsole> {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(url + path);
    return new OperatorConsole(page, url, failures);
  }

  async signIn(token: string): Promise<void> {
    await this.page.locator('[name=token]').fill(token);
    await this.page.locator('.sign-in-form button').click();
    await this.page.locator('.nav').waitFor();
  }

  async signOut(): Promise<void> {
    await this.page.locator('.console-header .button-quiet').click();
    await this.page.locator('[name=token]').waitFor();
  }

  /** Goes to one of the sections. */
  async goTo(section: 'today' | 'students' | 'audit' | 'outbox' | 'pods'): Promise<void> {
    const path = section === 'today' ? '/operator' : `/operator/${section}`;
    await this.page.locator(`.nav a[href="${path}"]`).click();
    await this.page.waitForURL(this.url + path);
  }

  card(roomId: string): Locator {
    return this.page.locator(`.room-card[data-room="${roomId}"]`);
  }

  async openRoom(roomId: string): Promise<void> {
    await this.card(roomId).locator('a').click();
    await this.page.locator('.plot').first().waitFor();
  }

  /** The state of the room that is shown. */
  async waitUntilState(state: string): Promise<void> {
    await this.page.locator(`.room-meta .state[data-state=${state}]`).waitFor();
  }

  /** Opens what is asked before something is done to the room. */
  async ask(control: string): Promise<void> {
    await this.page.locator(`[data-control=${control}]`).click();
    await this.page.locator('.act-dialog').waitFor();
  }

  /** What it will do, as it is said. */
  effects(): Promise<string[]> {
    return this.page.locator('.act-dialog .effects li').allInnerTexts();
  }

  /** Goes through with what is asked. */
  async confirm(): Promise<void> {
    await this.page.locator('.act-dialog [type=submit]').click();
    await this.page.locator('.act-dialog').waitFor({ state: 'detached' });
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.act-dialog').waitFor({ state: 'detached' });
  }

  async find(studentId: string): Promise<void> {
    await this.page.locator('.find [name=studentId]').fill(studentId);
    await this.page.locator('.find button').click();
    await this.page.locator('.student-head').waitFor();
  }

  /** Where the student stands in a room. */
  place(roomId: string): Locator {
    return this.page.locator(`.place[data-room="${roomId}"]`);
  }

  /** What stands in the audit of this kind. */
  audit(act: string): Locator {
    return this.page.locator(`.audit-entry[data-act="${act}"]`);
  }

  /** What sticks out of the window sideways, px. */
  sidewaysOverflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  }
}
