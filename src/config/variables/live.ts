import { decimalNumber, wholeNumber } from '../kinds';
import type { Variable } from './variable';

export const LIVE_VARIABLES = {
  PING_INTERVAL_MS: {
    kind: wholeNumber(100, 60_000),
    default: '10000',
    unit: 'ms',
    purpose: 'How often a socket is asked whether it is still there',
  },
  PING_TIMEOUT_MS: {
    kind: wholeNumber(100, 60_000),
    default: '10000',
    unit: 'ms',
    purpose: 'How long it may take to answer before it is taken for lost',
  },
  RECONNECT_DELAY_MAX_MS: {
    kind: wholeNumber(100, 60_000),
    default: '10000',
    unit: 'ms',
    purpose: 'Longest wait of our clients between two tries to reconnect; told to them by /api/config',
  },
  CONNECT_TIMEOUT_MS: {
    kind: wholeNumber(500, 60_000),
    default: '10000',
    unit: 'ms',
    purpose: 'How long a connection may take to send its request and to sign in before it is closed',
  },
  MAX_PAYLOAD_BYTES: {
    kind: wholeNumber(1_024, 1_048_576),
    default: '4096',
    unit: 'bytes',
    purpose: 'Largest message a socket may send',
  },
  HANDSHAKES_PER_SECOND: {
    kind: wholeNumber(1, 100_000),
    default: '2000',
    unit: 'connections per second',
    purpose: 'Most new connections a pod takes; who comes above that is told when to try again',
  },
  MAX_SOCKETS_PER_STUDENT: {
    // The line refuses more than 16 live sockets of one ticket (LINE_LIMITS.socketsPerTicket).
    kind: wholeNumber(1, 16),
    default: '8',
    unit: 'sockets',
    purpose: 'Most tabs and devices of one student at once',
  },
  POSITION_INTERVAL_MS: {
    kind: wholeNumber(100, 60_000),
    default: '1000',
    unit: 'ms',
    purpose: 'Least time between two positions told to one student',
  },
  DRAIN_SECONDS: {
    kind: wholeNumber(1, 600),
    default: '20',
    unit: 'seconds',
    purpose: 'How long a pod that is told to stop may take to hand its students over and to finish its commits',
  },
} satisfies Record<string, Variable>;

/** What a new room starts with; the operator can change each of them in the room. */
export const LINE_VARIABLES = {
  LINE_RATE_PER_SECOND: {
    kind: decimalNumber(0, 10_000),
    default: '10',
    unit: 'students per second',
    purpose: 'New rooms: most admissions per second',
  },
  LINE_CAPACITY: {
    kind: wholeNumber(0, 1_000_000),
    default: '200',
    unit: 'students',
    purpose: 'New rooms: most students inside at once',
  },
  LINE_LEASE_SECONDS: {
    kind: wholeNumber(5, 86_400),
    default: '600',
    unit: 'seconds',
    purpose: 'New rooms: how long an admission lasts',
  },
  LINE_GRACE_SECONDS: {
    kind: wholeNumber(1, 86_400),
    // A phone that locks its screen (after 30 s by default) cuts the socket at once, and nobody looks at it every
    // minute. The away cost those behind them nothing, for only who is present is let in: 5 minutes are affordable.
    default: '300',
    unit: 'seconds',
    purpose:
      'New rooms: how long an away student (a locked phone, a lost network) keeps the place once the room lets in',
  },
  LINE_NO_SHOW_SECONDS: {
    kind: wholeNumber(1, 3_600),
    default: '45',
    unit: 'seconds',
    purpose: 'New rooms: how long an admission waits to be acknowledged before it goes to the next',
  },
} satisfies Record<string, Variable>;
