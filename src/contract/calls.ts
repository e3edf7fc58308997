import type { Calls } from './call';
import { catalogueCalls } from './catalogue';
import { enrolmentCalls } from './enrolments';
import { identityCalls } from './identity';
import { mailCalls } from './mails';
import { consoleCalls } from './operate/console';
import { roomOperatorCalls } from './operate/rooms';
import { seatOperatorCalls } from './operate/seats';
import { termOperatorCalls } from './operate/terms';
import { roomCalls } from './rooms';
import { serviceCalls } from './service';

/** Every HTTP call, by its name. */
export const CALLS = {
  ...identityCalls,
  ...roomCalls,
  ...catalogueCalls,
  ...enrolmentCalls,
  ...mailCalls,
  ...serviceCalls,
  ...consoleCalls,
  ...roomOperatorCalls,
  ...termOperatorCalls,
  ...seatOperatorCalls,
} satisfies Calls;
