import { randomUUID } from 'node:crypto';
import type { Section } from '../../../src/contract/catalogue';
import type { EnrolmentCommitRequest, SectionOutcome } from '../../../src/contract/seats';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';
import { type Answer, askJson } from './app';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const TERM = '20251';

/** Sections of the real term. */
const ALGEBRA = '0000162389';
const OTHER_ALGEBRA = '0000162390';

/** A whole cart on one real pod, from the first section put in to the answers of its commit. */
describe('the cart of a student in line', () => {
  let pod: Pod;
  let sections: Section[];
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}` } });
    await new OperatorClient(pod.url, OPERATOR_TOKEN).createRoom('cart-room');
    sections = await allSections();
  });

  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close();
  });

  afterAll(async () => void (await pod.stop()));

  async function allSections(): Promise<Section[]> {
    const found: Section[] = [];
    for (let page = 1; ; page += 1) {
      const { body } = await askJson(`${pod.url}/api/terms/${TERM}/sections?pageSize=100&page=${page}`);
      const some = body.sections as Section[];
      found.push(...some);
      if (some.length < 100) return found;
    }
  }

  const section = (what: string, fits: (one: Section) => boolean): string => {
    const found = sections.find(fits);
    if (!found) throw new Error(`the term has no ${what}`);
    return found.id;
  };

  const cart = (token: string, body?: unknown): Promise<Answer> =>
    askJson(`${pod.url}/api/terms/${TERM}/cart`, {
      method: body === undefined ? 'GET' : 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  /** Joins, is let in, and commits these sections. */
  async function commit(token: string, sectionIds: string[]): Promise<SectionOutcome[]> {
    const tab = new StudentTab(pod.url, token);
    tabs.push(tab);
    await tab.connected();
    await tab.join('cart-room');
    const { token: admission } = await tab.admitted();
    const request: EnrolmentCommitRequest = { termId: TERM, sectionIds, admission, idempotencyKey: randomUUID() };
    const reply = await tab.request('enrolment:commit', request);
    if (!reply.ok) throw new Error(reply.error.code);
    return (reply as unknown as { results: SectionOutcome[] }).results;
  }

  it('is answered section by section, in order, and what can be granted is', async () => {
    const onlySeat = section('section of one seat', (one) => one.capacity === 1);
    expect(await commit(await signIn(pod.url, 'early'), [onlySeat])).toMatchObject([{ outcome: 'enrolled' }]);

    const token = await signIn(pod.url, 'late');
    const clash = section('time conflict', ({ code, closed, meetings }) => {
      const clashes = meetings.some(({ day, start, end }) => day === 'Mo' && start < '14:55' && end > '14:00');
      return clashes && code !== 'MATH 252' && !closed;
    });
    const closed = section('closed section', (one) => one.closed);
    const free = section('section without times', (one) => one.capacity > 5 && one.meetings.length === 0);
    const sectionIds = [ALGEBRA, onlySeat, clash, OTHER_ALGEBRA, closed, free];
    const before = await cart(token, { sectionIds, version: 0 });
    expect(before).toMatchObject({ status: 200, body: { version: 1, sectionIds } });

    const { body } = await cart(await signIn(pod.url, 'late'));
    expect(body).toEqual(before.body);
    const obstacles = (body.obstacles as { sectionId: string; code: string }[]).map((one) => [one.sectionId, one.code]);
    expect(obstacles).toEqual([
      [clash, 'time_conflict'],
      [OTHER_ALGEBRA, 'same_course'],
      [closed, 'section_closed'],
    ]);

    const results = await commit(token, body.sectionIds as string[]);
    expect(results.map(({ sectionId, outcome, error }) => [sectionId, error?.code ?? outcome])).toEqual([
      [ALGEBRA, 'enrolled'],
      [onlySeat, 'section_full'],
      [clash, 'time_conflict'],
      [OTHER_ALGEBRA, 'same_course'],
      [closed, 'section_closed'],
      [free, 'enrolled'],
    ]);
    const mine = await askJson(`${pod.url}/api/terms/${TERM}/enrolments`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const enrolled = (mine.body.enrolments as { section: { id: string } }[]).map((one) => one.section.id);
    expect(enrolled.sort()).toEqual([ALGEBRA, free].sort());
  });
});
