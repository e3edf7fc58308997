export { ServiceApi, type SsoToken } from './api';
export { CART_LIMIT } from './cart-edits';
export { CartKeeper, type CartState } from './cart-keeper';
export { CalmWait, type SaidWait } from './calm-wait';
export * from './estimate';
export { ServerClock } from './server-clock';
export { hasPlace, isDrawPending, isJoinable, placeKeptUntil, withheldBy } from './state';
export type {
  Connection,
  EnrolmentNews,
  InsidePlace,
  Place,
  SeatCount,
  Student,
  SunbeonState,
  WaitingPlace,
} from './state';
export { between } from '../../src/common/retry';
export { retrying } from './retry';
export type { ClientPace, Span } from './pace';
export type { ClientWitness, Transport } from './socket';
export { browserStorage, memoryStorage } from './storage';
export { SunbeonClient, type SunbeonClientOptions } from './sunbeon-client';
export { asSunbeonError, needsSignIn, SunbeonError } from './sunbeon-error';
export type { KeyValueStorage } from './surroundings';
export type {
  Meeting,
  SearchChoices,
  Section,
  SectionPage,
  SectionQuery,
  StudentWindow,
} from '../../src/contract/catalogue';
export type { CartObstacle, CartView, Enrolment, Waitlist } from '../../src/contract/enrolments';
export type { ExchangedTokens, MailLanguage, PageSignIn, ServiceConfig, SignIn } from '../../src/contract/identity';
export type { Mail } from '../../src/contract/mails';
export type { RoomView } from '../../src/contract/rooms';
export type { Weekday } from '../../src/contract/week-time';
