import { randomBytes } from 'node:crypto';
import { SigningKeys } from '../identity/signing-keys';
import type { Ticket } from './ticket';
import { RoomLife, TicketSigner } from './ticket-signer';

const CREATED = 1_764_000_000_000;
const keys = new SigningKeys([{ kid: 'k1', secret: randomBytes(32).toString('base64') }]);
const signer = new TicketSigner(keys);
const room: RoomLife = { id: 'fall', nonce: 'life-of-today', createdAt: CREATED };
const ticket: Ticket = {
  ...{ roomId: 'fall', studentId: 's1', epoch: 1, number: 7 },
  ...{ state: 'waiting', joinedAt: CREATED + 5_000 },
};
const claims = { room: 'fall', epoch: 1, number: 7, student: 's1', joined: CREATED + 5_000 };
/** As a pod signed it that knew of no lives. */
const unnamed = (joined: number): string => keys.signCompact('ticket', { ...claims, joined });
const presented = { epoch: 1, number: 7, joinedAt: CREATED + 5_000 };

describe('a signed ticket', () => {
  it('proves the place to its student, in its room, in the life of the room that gave it', () => {
    expect(signer.verify(signer.sign(ticket, room), room, 's1')).toEqual(presented);
  });

  it('is readable for a pod that knows of no lives', () => {
    expect(keys.verifyCompact('ticket', signer.sign(ticket, room))).toMatchObject(claims);
  });

  it.each<[string, string, string, Partial<RoomLife>]>([
    ['another student', signer.sign(ticket, room), 's2', {}],
    ['another room', signer.sign(ticket, room), 's1', { id: 'spring' }],
    ['a room that was made anew', signer.sign(ticket, room), 's1', { nonce: 'life-of-tomorrow' }],
    ['a room of a pod that knew of no lives', signer.sign(ticket, room), 's1', { nonce: '' }],
    ['a room that is younger than the ticket, which names no life', unnamed(CREATED - 61_000), 's1', {}],
    ['anybody, when it is forged', signer.sign(ticket, room).slice(0, -2), 's1', {}],
  ])('proves nothing to %s', (_, signed, studentId, other) => {
    const refused: unknown = expect.objectContaining({ code: 'ticket_invalid' });
    expect(() => signer.verify(signed, { ...room, ...other }, studentId)).toThrow(refused as Error);
  });

  it('that was given before lives had names stays good in a room that lives on', () => {
    expect(signer.verify(unnamed(ticket.joinedAt), room, 's1')).toEqual(presented);
    expect(signer.verify(signer.sign(ticket, { ...room, nonce: '' }), { ...room, nonce: '' }, 's1')).toEqual(presented);
  });
});
