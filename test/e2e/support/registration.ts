import type { Browser, BrowserContext } from 'playwright-core';
import { randomBytes } from 'node:crypto';
import type { Section } from '../../../src/contract/catalogue';
import { startChromium } from '../../../load/servers/chromium';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../../load/servers/pod';
import { StudentTab } from '../../support/student';

export const OPERATOR_TOKEN = 'operator-of-the-page-tests-0123456789';
export const VIEWER_TOKEN = 'viewer-of-the-page-tests-0123456789';
const TERM_ID = '20251';

/** A section with one seat, which somebody has. */
export interface FullSection extends Section {
  /** The one who has the seat gives it back. */
  free: () => Promise<void>;
}

const doMeetTogether = (one: Section, other: Section): boolean =>
  one.meetings.some((first) =>
    other.meetings.some((second) => first.day === second.day && first.start < second.end && second.start < first.end),
  );

/** A pod with the real term, an operator, a real Chromium, and a way to make rooms. */
export class Registration {
  private readonly tabs: StudentTab[] = [];
  private readonly contexts: BrowserContext[] = [];
  /** Courses that some test has for itself. */
  private readonly given = new Set<string>();

  private constructor(
    readonly pod: Pod,
    readonly operator: OperatorClient,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<Registration> {
    const pod = await startPod({ env: { OPERATOR_TOKENS: `tests:${OPERATOR_TOKEN},guest/viewer:${VIEWER_TOKEN}` } });
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
  async openSections(query: string): Promise<Section[]> {
    const search = new URLSearchParams({ query, openOnly: 'true', pageSize: '100' });
    const response = await fetch(`${this.pod.url}/api/terms/${TERM_ID}/sections?${search.toString()}`);
    return ((await response.json()) as { sections: Section[] }).sections;
  }

  /** Two sections with seats of which a student may have only one, because they are the same course. */
  async twoOfOneCourse(query: string): Promise<[Section, Section]> {
    const sections = await this.openSections(query);
    for (const one of sections) {
      const other = sections.find(
        ({ id, courseId, type }) => id !== one.id && courseId === one.courseId && type === one.type,
      );
      if (other) return [one, other];
    }
    throw new Error(`no course with two sections of one type matches ${query}`);
  }

  /** So many sections with seats that one student can have together, none of them given out before. */
  async compatibleSections(count: number): Promise<Section[]> {
    const chosen: Section[] = [];
    for (const query of ['PHIL', 'REL', 'HIST', 'PSCI', 'ECON']) {
      for (const section of await this.openSections(query)) {
        const fits = chosen.every((one) => one.courseId !== section.courseId && !doMeetTogether(one, section));
        if (!fits || section.left < 2 || section.meetings.length === 0 || this.given.has(section.courseId)) continue;
        chosen.push(section);
        if (chosen.length < count) continue;
        for (const { courseId } of chosen) this.given.add(courseId);
        return chosen;
      }
    }
    throw new Error(`the term has no ${count} more sections that go together`);
  }

  /** Changes capacity or policy of a section, as an operator. */
  async changeSection(sectionId: string, change: Record<string, unknown>): Promise<void> {
    await this.operator.call('PATCH', `/terms/${TERM_ID}/sections/${sectionId}`, change);
  }

  /** Changes what holds for the whole term; null = the default. */
  async changeTerm(change: Record<string, unknown>): Promise<void> {
    await this.operator.call('PATCH', `/terms/${TERM_ID}/policy`, change);
  }

  /** Leaves the section one seat, which somebody else takes. */
  async takeLastSeat(section: Section, policy: Record<string, unknown> = {}): Promise<FullSection> {
    await this.changeSection(section.id, { capacity: 1, ...policy });
    const roomId = await this.createRoom({ ratePerSecond: 100 });
    const [holder] = await this.fill(roomId, 1);
    if (!holder) throw new Error('nobody is there to take the seat');
    const { token } = await holder.admitted();
    const taken = { termId: TERM_ID, sectionIds: [section.id], admission: token, idempotencyKey: 'take' };
    await holder.request('enrolment:commit', taken);
    const dropped = { termId: TERM_ID, sectionId: section.id, idempotencyKey: 'free' };
    const free = async (): Promise<void> => void (await holder.request('enrolment:drop', dropped));
    return { ...section, free };
  }

  /** Ends what one test opened. */
  async tidy(): Promise<void> {
    for (const tab of this.tabs.splice(0)) tab.close();
    for (const context of this.contexts.splice(0)) await context.close();
  }
}
