import type { LineTicketMessage } from '../../../src/contract/line';
import { SHORT_GRACE_SECONDS, SHORT_TIMES } from '../../support/short-times';
import type { StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { clusteredWorld, embeddedWorld, enterLine, runTrail, signedNumber, World } from './lottery-world';

const ENTRANTS = 9;
const ROOM = { lottery: true, ratePerSecond: 1_000, graceSeconds: SHORT_GRACE_SECONDS };

describe.each([
  ['one embedded pod', () => embeddedWorld(SHORT_TIMES)],
  ['two pods', () => clusteredWorld(SHORT_TIMES)],
])("the tickets of a lottery's entrants on %s", (_, start) => {
  const roomId = 'lottery';
  let world: World;
  let tokens: string[];
  let tabs: StudentTab[] = [];
  /** Of each student, before the draw and after it. */
  let entries: string[];
  let drawn: LineTicketMessage[];

  beforeAll(async () => void (world = await start()));
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await world.stop();
  });

  const url = (index: number): string => world.urls[index % world.urls.length] ?? '';
  const told = ({ ticket }: StudentTab): Partial<LineTicketMessage> => ({
    number: ticket?.number,
    position: ticket?.position,
  });

  /** Everybody comes back on another pod, every other one with the ticket of before the draw. */
  async function comeBack(): Promise<StudentTab[]> {
    for (const tab of tabs) tab.close();
    return Promise.all(
      tokens.map((token, index) => {
        const ticket = index % 2 === 0 ? entries[index] : drawn[index]?.ticket;
        return enterLine(url(index + 1), token, roomId, { resume: true, ticket });
      }),
    );
  }

  it('are given anew to every tab after the draw, once, with the drawn number', async () => {
    const opensAt = Date.now() + 3_600_000;
    await world.operator.createRoom(roomId, { ...ROOM, opensAt });
    const names = Array.from({ length: ENTRANTS }, (_name, index) => `entrant-${index}`);
    tokens = await Promise.all(names.map((name) => world.signIn(name)));
    for (const [index, token] of tokens.entries()) tabs.push(await enterLine(url(index), token, roomId));
    const second = await enterLine(url(1), tokens[0] ?? '', roomId);
    tabs.push(second);
    entries = tabs.map(({ ticket }) => ticket?.ticket ?? '');
    expect(tabs.map(({ ticket }) => signedNumber(ticket?.ticket))).toEqual([...names.map((_name, i) => i + 1), 1]);

    await world.operator.changeRoom(roomId, { opensAt: Date.now(), capacity: 0 });
    await waitFor(() => tabs.every(({ tickets }) => tickets.length > 1), { what: 'new tickets' });
    const { order, problems } = await runTrail(world, 'lottery', roomId);
    expect(problems).toEqual([]);
    drawn = tabs.map(({ ticket }) => ticket!);
    for (const { entry, number } of order) {
      const position = number - ENTRANTS;
      expect(drawn[entry - 1]).toMatchObject({ state: 'waiting', number, position, total: ENTRANTS });
      expect(signedNumber(drawn[entry - 1]?.ticket)).toBe(number);
      expect(drawn[entry - 1]?.room.lottery?.seed).toBeDefined();
    }
    expect(order).toHaveLength(ENTRANTS);
    expect(told(second)).toEqual(told(tabs[0]!));
    expect(tabs.map(({ tickets }) => tickets.length)).toEqual(tabs.map(() => 2));
    second.close();
    tabs.pop();
  });

  it('bring everybody back to the drawn place, the old ones as well as the new', async () => {
    const expected = tabs.map(told);
    tabs = await comeBack();
    expect(tabs.map(told)).toEqual(expected);
    expect(tabs.map(({ ticket }) => signedNumber(ticket?.ticket))).toEqual(expected.map(({ number }) => number));
  });

  it('bring everybody back to the drawn place also when the line was lost', async () => {
    const expected = tabs.map(told);
    for (const tab of tabs) tab.close();
    await world.lose();
    tabs = await comeBack();
    expect(tabs.map(told)).toEqual(expected);
    const report = (): Promise<{ epoch: number; waiting: number }> => world.operator.call('GET', `/rooms/${roomId}`);
    await waitFor(async () => (await report()).waiting === ENTRANTS, { what: 'the line to be counted' });
    expect(await report()).toMatchObject({ epoch: 2 });
    expect(await runTrail(world, 'verify', roomId)).toMatchObject({ pass: true, violations: [], epochs: 2 });
  });
});
