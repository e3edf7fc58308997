import fc from 'fast-check';
import { LiveSessions } from './live-sessions';
import { type LiveSocket, Session, type SessionPlace } from './session';

const session = (id: number): Session => new Session({ id: `tab-${id}` } as LiveSocket, `s${id}`);

const place = (number: number): SessionPlace =>
  ({ roomId: 'fall', number, state: 'waiting', position: 1, total: 1, sentAt: 0 }) as SessionPlace;

type Act = { type: 'come' | 'go' | 'end' | 'again' | 'renumber' | 'tidy'; which: number; number: number };

const act: fc.Arbitrary<Act> = fc.record({
  type: fc.constantFrom('come', 'come', 'come', 'go', 'end', 'again', 'renumber', 'tidy'),
  which: fc.nat(),
  number: fc.integer({ min: 1, max: 1_000 }),
});

describe('the order of a line’s places on one pod', () => {
  it('is that of the numbers, with all who have one and nobody else, whoever comes, goes and is drawn', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const sessions = new LiveSessions();
        const here: Session[] = [];
        acts.forEach(({ type, which, number }, index) => {
          const one = here[which % here.length];
          if (type === 'come') {
            const come = session(index);
            sessions.add(come);
            sessions.givePlace(come, place(number));
            here.push(come);
          } else if (type === 'tidy') sessions.order('fall')?.tidy();
          else if (!one) return;
          else if (type === 'go') {
            sessions.remove(one);
            here.splice(here.indexOf(one), 1);
          } else if (type === 'end') sessions.endPlace(one, 'fall');
          else if (type === 'again') sessions.givePlace(one, place(number));
          else Object.assign(one.places.get('fall') ?? {}, { number });
          if (index % 3 === 0) sessions.order('fall')?.inOrder();
        });
        const order = sessions.order('fall');
        order?.tidy();
        const numbers = order?.inOrder().map((entry) => entry.place.number) ?? [];
        const expected = here.flatMap((one) => one.places.get('fall')?.number ?? []).sort((one, other) => one - other);
        expect(numbers).toEqual(expected);
      }),
    );
  });
});
