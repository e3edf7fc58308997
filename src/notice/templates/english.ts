import type { Phrases } from './letter';
import { localTime } from './local-time';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const ENGLISH: Phrases = {
  greeting: (studentName) => `Hello ${studentName},`,
  heading: {
    enrolled: 'Enrolled',
    dropped: 'Dropped',
    waitlisted: 'On the waitlist',
    promoted: 'Enrolled from the waitlist',
    offered: 'A seat is offered to you: please accept it',
    offer_expired: 'The offer of a seat has ended',
    section_closed: 'Closed or cancelled: you are still enrolled, please ask the registrar what becomes of it',
    waitlist_closed: 'Closed or cancelled: your wait for a seat has ended',
  },
  subjectOfOne: (heading, section) => `[Registration] ${heading} - ${section}`,
  subjectOfSeveral: (heading, count) => `[Registration] ${heading} - ${count} sections`,
  subjectOfMixed: (count) => `[Registration] ${count} changes to your sections`,
  waitlistPosition: (position) => `place ${position} on the waitlist`,
  acceptUntil: (time) => `accept by ${time}`,
  takenAway: (reason) => `by the registration office, for this reason: ${reason}`,
  asOf: (time) => `As of: ${time}`,
  footer: 'This mail was sent automatically. The registration page shows what you are enrolled in now.',
  time: (at, timeZone) => {
    const { year, month, day, weekday, clock } = localTime(at, 'en', timeZone);
    return `${weekday}, ${day} ${MONTHS[month - 1] ?? ''} ${year}, ${clock} (${timeZone})`;
  },
};
