import type { LineEvent, LineSettings, OperatorAct } from './line-store';
import type { EndReason } from './ticket';

/** An event as names and texts, the way a feed between pods carries it: `type`, `at`, and what else it says. */
export type EventFields = Readonly<Record<string, string>>;

type KnownType = Exclude<LineEvent['type'], 'unknown'>;
type Reader = (base: { sequence: number; at: number }, fields: EventFields) => LineEvent;

const ticketOf = ({ number, student }: EventFields): { number: number; studentId: string } => ({
  number: Number(number),
  studentId: student ?? '',
});

const actOf = ({ operator, note }: EventFields): { act?: OperatorAct } =>
  operator === undefined ? {} : { act: { operator, note: note ?? '' } };

const bare =
  (type: 'away' | 'back' | 'acknowledged'): Reader =>
  (base, fields) => ({ ...base, ...ticketOf(fields), type });

const READERS: Record<KnownType, Reader> = {
  opened: (base) => ({ ...base, type: 'opened' }),
  settings: (base, { settings = '' }) => ({
    ...base,
    type: 'settings',
    settings: JSON.parse(settings) as LineSettings,
  }),
  frozen: (base, { entries, firstNumber }) => ({
    ...base,
    type: 'frozen',
    entries: Number(entries),
    firstNumber: Number(firstNumber),
  }),
  settled: (base, { entrantsHash = '' }) => ({ ...base, type: 'settled', entrantsHash }),
  joined: (base, fields) => ({ ...base, ...ticketOf(fields), type: 'joined', ticketEpoch: Number(fields.epoch) }),
  drawn: (base, fields) => ({ ...base, ...ticketOf(fields), type: 'drawn', entry: Number(fields.entry) }),
  admitted: (base, fields) => ({
    ...base,
    ...ticketOf(fields),
    type: 'admitted',
    expiresAt: Number(fields.expiresAt),
    ...actOf(fields),
  }),
  ended: (base, fields) => ({
    ...base,
    ...ticketOf(fields),
    type: 'ended',
    reason: fields.reason as EndReason,
    ...actOf(fields),
  }),
  away: bare('away'),
  back: bare('back'),
  acknowledged: bare('acknowledged'),
};

/** Whether this version knows what such an event means. */
export const isKnownType = (type: string): type is KnownType => Object.hasOwn(READERS, type);

/** The event that such fields tell of; one that only a newer version knows is `unknown`, and keeps its fields. */
export function eventOf(sequence: number, fields: EventFields): LineEvent {
  const { type = '', at, ...rest } = fields;
  const base = { sequence, at: Number(at) };
  return isKnownType(type) ? READERS[type](base, fields) : { ...base, type: 'unknown', name: type, fields: rest };
}
