import type { Browser, BrowserContext } from 'playwright-core';
import { randomBytes } from 'node:crypto';
import { startChromium } from '../../support/chromium';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../support/pod';
import { StudentTab } from '../../support/student';

const OPERATOR_TOKEN = 'operator-of-the-page-tests-0123456789';
const TERM_ID = '20251';

interface FoundSection {
  id: string;
  courseId: string;
  code: string;
  section: string;
  type: string;
  left: number;
}

/** A pod with the real term, an operator, a real Chromium, and a way to make rooms. */
export class Registration {
  private readonly tabs: StudentTab[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly pod: Pod,
    readonly operator: OperatorClient,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<Registration> {
    const pod = await startPod({ env: { OPERATOR_TOKENS: `tests:${OPERATOR_TOKEN}` } });
    return new Registration(pod, new OperatorClient(pod.url, OPERATOR_TOKEN), await startChromium());
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.pod.stop();
  }

  /** A browser of its own: nothing is shared with another. */
  async newBrowser(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ locale: 'en-US', ...options });
    this.contexts.push(context);
    return context;
  }

  /** A room in which nobody is let in until the operator says so; its page is at `/rooms/<id>`. */
  async createRoom(settings: Record<string, unknown> = {}): Promise<string> {
    const id = `room-${randomBytes(6).toString('hex')}`;
    await this.operator.createRoom(id, { ratePerSecond: 0, ...settings });
    return id;
  }

  /** Lets everybody in. */
  async letIn(roomId: string): Promise<void> {
    await this.operator.changeRoom(roomId, { ratePerSecond: 100 });
  }

  /** Students who came before: so many places are taken. */
  async fill(roomId: string, students: number): Promise<StudentTab[]> {
    const ahead: StudentTab[] = [];
    for (let index = 0; index < students; index += 1) {
      const tab = await StudentTab.open(this.pod.url, `${roomId}-ahead-${index}`);
      this.tabs.push(tab);
      await tab.join(roomId);
      ahead.push(tab);
    }
    return ahead;
  }

  /** Sections of the real term that match and have seats left. */
  async openSections(query: string): Promise<FoundSection[]> {
    const search = new URLSearchParams({ query, openOnly: 'true', pageSize: '100' });
    const response = await fetch(`${this.pod.url}/api/terms/${TERM_ID}/sections?${search.toString()}`);
    return ((await response.json()) as { sections: FoundSection[] }).sections;
  }

  /** Two sections with seats of which a student may have only one, because they are the same course. */
  async twoOfOneCourse(query: string): Promise<[FoundSection, FoundSection]> {
    const sections = await this.openSections(query);
    for (const one of sections) {
      const other = sections.find(
        ({ id, courseId, type }) => id !== one.id && courseId === one.courseId && type === one.type,
      );
      if (other) return [one, other];
    }
    throw new Error(`no course with two sections of one type matches ${query}`);
  }

  /** Ends what one test opened. */
  async tidy(): Promise<void> {
    for (const tab of this.tabs.splice(0)) tab.close();
    for (const context of this.contexts.splice(0)) await context.close();
  }
}
