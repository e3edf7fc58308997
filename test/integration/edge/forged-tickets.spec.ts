import { signInSso, StudentTab } from '../../support/student';
import { altered, claimsOf, codeOf, ForgeryStage } from './forgery-stage';

const MOST_SOCKETS = 16;

let stage: ForgeryStage;

beforeAll(async () => {
  stage = await ForgeryStage.start({ MAX_SOCKETS_PER_STUDENT: String(MOST_SOCKETS) });
});
afterAll(() => stage?.stop());

describe('a ticket that is forged, foreign, used again or shared', () => {
  it.each<[string, (ticket: string) => string]>([
    ['of another student', (ticket) => ticket],
    ['of the same place, for another student', (ticket) => altered(ticket, { student: 'victim' })],
    ['with a better number', (ticket) => altered(ticket, { number: 1 })],
    ['that is a sign-in', () => stage.inside.signedIn.token],
  ])('a ticket %s: gives no place', async (_, forge) => {
    const id = await stage.makeRoom(stage.unique('tickets'), { control: 'paused' });
    const [first, owner, thief] = [await stage.open(), await stage.open(), await stage.open()];
    await first.tab.join(id);
    const { ticket } = await owner.tab.join(id);
    const other = await thief.tab.request('line:join', { roomId: id, ticket: forge(ticket), resume: true });
    expect(codeOf(other)).toBe('ticket_invalid');
    expect(thief.tab.tickets).toEqual([]);
  });

  it('a ticket of another room: gives no place', async () => {
    const id = await stage.makeRoom('tickets-other', { control: 'paused' });
    const { ticket = '' } = stage.inside.tab.ticket ?? {};
    expect(codeOf(await stage.inside.tab.request('line:join', { roomId: id, ticket }))).toBe('ticket_invalid');
  });

  it('a ticket of a rehearsal, with the keys and the id of the room: neither gives a place nor stops the line', async () => {
    const id = await stage.makeRoom('rehearsed', { ratePerSecond: 100 });
    const [rehearser, student] = [await stage.open(), await stage.open()];
    const { ticket } = await rehearser.tab.join(id);
    const { life, ...claims } = JSON.parse(Buffer.from(claimsOf(ticket), 'base64url').toString()) as { life: string };
    expect(life).toMatch(/^[\w-]{22}$/);
    const rehearsals = [
      stage.compact('ticket', { ...claims, number: 5_000, life: `${life.slice(0, -1)}!` }),
      stage.compact('ticket', { ...claims, number: 5_000, joined: Date.now() - 86_400_000 }),
    ];
    for (const old of rehearsals) {
      const refused = await rehearser.tab.request('line:join', { roomId: id, ticket: old });
      expect(codeOf(refused)).toBe('ticket_invalid');
    }
    await student.tab.join(id);
    await student.tab.admitted();
    expect((await stage.operator.call('GET', `/rooms/${id}`)).epoch).toBe(1);
  });

  it('a ticket that was given back: does not bring the place back', async () => {
    const id = await stage.makeRoom('tickets-left', { control: 'paused' });
    const [leaver, behind] = [await stage.open(), await stage.open()];
    const { ticket, number } = await leaver.tab.join(id);
    const next = await behind.tab.join(id);
    await leaver.tab.request('line:leave', { roomId: id });
    expect(codeOf(await leaver.tab.request('line:join', { roomId: id, ticket, resume: true }))).toBe('ticket_gone');
    expect(next.number).toBeGreaterThan(number);
    expect((await leaver.tab.join(id, { ticket })).number).toBeGreaterThan(next.number);
  });

  it('more sockets than a ticket may have, over all pods: are refused', async () => {
    const id = await stage.makeRoom('sockets', { control: 'paused' });
    const { token } = await signInSso(stage.cluster, 'collector');
    const codes: string[] = [];
    for (let count = 0; count <= MOST_SOCKETS; count += 1) {
      const tab = stage.keep(new StudentTab(stage.cluster.pods[count % 2]?.url ?? '', token));
      await tab.connected();
      codes.push(codeOf(await tab.request('line:join', { roomId: id })));
    }
    expect(codes.slice(0, MOST_SOCKETS)).toEqual(Array.from({ length: MOST_SOCKETS }, () => 'ok'));
    expect(codes.at(-1)).toBe('too_many_sockets');
  });
});
