import { roundedPace } from '../../sdk';

const number = new Intl.NumberFormat('en');
const decimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const credit = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

const credits = (count: number): string => (count === 1 ? '1 credit' : `${credit.format(count)} credits`);

/** One digit behind the point, where that says something. */
const rounded = (count: number): string =>
  (count < 10 ? decimal : number).format(count < 10 ? count : Math.round(count));

export const en = {
  locale: 'en',
  appName: 'Sunbeon',
  number: (value: number) => number.format(value),
  /** Students per second, in the unit that suits it. */
  pace: (perSecond: number) => {
    if (perSecond <= 0) return 'Standing';
    const { per, count } = roundedPace(perSecond);
    return `${rounded(count)} ${per === 'hour' ? 'an' : 'a'} ${per}`;
  },

  common: {
    retrying: 'We keep trying for you; you do not have to do anything.',
    loading: 'Loading…',
    close: 'Close',
    language: 'Language',
    signOut: 'Sign out',
    skip: 'Skip to content',
    noticeFrom: 'Notice from the registrar',
  },

  signIn: {
    title: 'Your place in line, kept for you',
    lead: 'Sign in, take a number, and watch it move. When it is your turn you go straight in to choose your classes.',
    demo: 'This is a demonstration. Any student ID and name will do.',
    studentId: 'Student ID',
    name: 'Name',
    submit: 'Sign in',
    sso: 'Sign in with your university account',
    ended: 'Your sign-in has ended. Please sign in again; your place in line is kept for a while.',
    missing: 'Please fill in both fields.',
    working: 'Signing in…',
  },

  signOutEverywhere: {
    title: 'Sign out on all devices',
    text: 'Every browser and device with your account has to sign in again, this one too. Your place in line is kept for a while, and your classes stay.',
    stay: 'Stay signed in',
    go: 'Sign out everywhere',
    danger: true,
  },

  rooms: {
    title: 'Choose a registration',
    none: 'No registration is planned at the moment.',
    noneHelp: 'This page looks again by itself.',
    waiting: (count: number) => `${number.format(count)} in line`,
    opens: (when: string) => `Opens ${when}`,
    back: 'All registrations',
    inLine: (position?: number) =>
      position === undefined ? 'You are in line' : `You are in line: place ${number.format(position)}`,
    inside: 'You are in',
    placeKept: 'You keep your place in this tab. Another registration opens in a new one.',
  },

  roomStates: {
    scheduled: 'Not open yet',
    open: 'Open',
    paused: 'Paused',
    recovering: 'Being restored',
    draining: 'Last call',
    closed: 'Closed',
  },

  lobby: {
    scheduledTitle: 'Opens soon',
    scheduledLead:
      'You can take your number now. The line is first come, first served, and it moves when registration opens.',
    lotteryLead: 'You can take your number now, and take part in the draw.',
    lottery:
      'Everyone who comes before the opening is put in order by lot at the opening. Coming early or reloading makes no difference. Your place will be shown then.',
    openTitle: 'Registration is open',
    openLead: 'Take a number. You will see your place move, and go in when it is your turn.',
    pausedLead:
      'The line is paused at the moment. You can still take a number; it moves on as soon as the pause is over.',
    recoveringLead: 'The line is being restored. You can still take a number at its end.',
    drainingTitle: 'No new places',
    drainingLead: 'Registration is about to close. Those in line still go in, but no new numbers are given out.',
    closedTitle: 'Registration is closed',
    closedLead: 'This registration is over. Please ask the registrar if you have questions.',
    opensIn: 'Opens in',
    inLine: 'In line now',
    rate: 'Going in, at most',
    join: 'Take a number',
    joining: 'Taking your number…',
    earlyTitle: 'Your turn comes later',
    earlyIn: 'Your turn begins in',
    earlyLead:
      'Stay here, or be back before then: with this page open you take your place at that very moment. You can prepare your cart meanwhile.',
    earlyDayLead:
      'Be back before then: with this page open you take your place at that very moment. You can prepare your cart already.',
    oneTicket: 'One place per student. More tabs or devices show the same number and do not make it faster.',
    refusedTitle: 'You could not get a number',
  },

  waiting: {
    title: 'You are in line',
    scheduledTitle: 'You are in line, before the opening',
    lotteryTitle: 'You take part in the draw',
    place: 'Your place',
    next: 'You are next',
    ahead: 'Ahead of you',
    behind: 'Behind you',
    estimate: 'Estimated wait',
    speed: 'Line speed',
    people: (count: number) => number.format(count),
    minutes: {
      about: (count: number) => `About ${count} min`,
      upTo: (count: number) => `Up to ${count} min`,
      between: (from: number, to: number) => `${from}–${to} min`,
    },
    hours: {
      about: (count: number) => `About ${decimal.format(count)} h`,
      upTo: (count: number) => `Up to ${decimal.format(count)} h`,
      between: (from: number, to: number) => `${decimal.format(from)}–${decimal.format(to)} h`,
    },
    unknown: 'Not known',
    onHold: 'On hold',
    full: (capacity: number) =>
      capacity === 1
        ? 'Full inside: the next goes in when the one inside has finished.'
        : `Full inside (${number.format(capacity)} students): the line moves as they finish.`,
    notMeasured: 'The estimate gets closer once the first have finished.',
    shut: 'Nobody is let in at the moment. Your place is kept.',
    ticketNumber: (value: number) => `Ticket no. ${number.format(value)}`,
    drawn: 'drawn by lot',
    progress: 'Way to the front',
    keepOpen: 'Keep this page open. Reloading is fine; your place is kept.',
    sound: 'Play a sound when it is my turn',
    leave: 'Leave the line',
    leaveTitle: 'Give up your place?',
    leaveText: 'If you come back later you get a new number at the end of the line.',
    leaveDrawText: 'You no longer take part in the draw, unless you come back before the opening.',
    leaveStay: 'Stay in line',
    leaveGo: 'Give up my place',
    paused: 'The line is paused. Your place is kept, and it moves on as soon as the pause is over.',
    recovering: 'The line is being restored after a fault. Your place is kept. Nobody goes in until it stands again.',
    lastKnown: 'Last known place',
    placeComes: 'Shown as soon as the line is restored.',
    drawComes: 'Drawn by lot at the opening, and shown here.',
    inDraw: 'In the draw',
    unknownPageTitle: 'In line · Sunbeon',
    draining: 'Last call: no new places are given out. Yours is kept.',
    announce: (position: number, wait: string) =>
      `Your place in line: ${number.format(position)}. Estimated wait: ${wait}.`,
    announceNext: 'You are next in line.',
    pageTitle: (position: number) => `(${number.format(position)}) In line · Sunbeon`,
  },

  connection: {
    reconnecting: 'Connection lost. Reconnecting by itself.',
    reconnectingLobby: 'Connection lost. Reconnecting by itself.',
    offlineLobby: 'Your device is offline. We reconnect as soon as the network is back.',
    reconnectingInside: 'Connection lost. Reconnecting by itself; your time inside goes on.',
    offline: 'Your device is offline. We reconnect as soon as the network is back.',
    kept: (clock: string) => `Your place is kept for another ${clock}.`,
    keptOver: 'Your place may have ended meanwhile.',
    offlineInside: 'Your device is offline. We reconnect as soon as the network is back; your time inside goes on.',
  },

  ended: {
    left: {
      title: 'You left the line',
      text: 'You gave up your place. You can take a new number at the end of the line.',
    },
    away: {
      title: 'Your place was given up',
      text: 'No device of yours was connected for longer than a place is kept. You can take a new number at the end of the line.',
    },
    removed: {
      title: 'You were taken out of the line',
      text: 'The registrar ended your place. Please ask the registrar if you think this is a mistake.',
    },
    not_on_roster: {
      title: 'You are not on the list for this registration',
      text: 'So your place has ended. What you enrolled in is yours. Please ask the registrar if you think this is a mistake.',
    },
    on_hold: {
      title: 'There is a hold on your registration',
      text: 'So your place has ended. What you enrolled in is yours. Please ask the registrar what the hold is about.',
    },
    window_closed: {
      title: 'Your time to register is over',
      text: 'So your place in line has ended. What you enrolled in is yours.',
    },
    no_show: {
      title: 'It was your turn, but nobody was there',
      text: 'You were let in, but none of your devices answered. You can take a new number at the end of the line.',
    },
    finished: {
      title: 'All done',
      text: 'You finished, and made room for the next student. What you enrolled in is yours.',
    },
    expired: {
      title: 'Your time inside is over',
      text: 'Classes you are enrolled in are yours. To choose more, take a new number at the end of the line.',
    },
    closed: { title: 'Registration is closed', text: 'The registration has ended, and with it the line.' },
    /** For a reason that this page does not know. */
    unknown: {
      title: 'Your place has ended',
      text: 'You are no longer in line. What you enrolled in is yours. Please ask the registrar if you do not know why.',
    },
    beforeDraw: 'You take no part in the draw now. Until the opening you can join it again, with the same chances.',
    again: 'Take a new number',
  },

  window: {
    opens: (when: string) => `Your class year can enrol from ${when}.`,
    opensAndCloses: (from: string, until: string) => `Your class year can enrol from ${from} until ${until}.`,
    closes: (when: string) => `Your class year can enrol until ${when}.`,
    closed: (when: string) => `Enrolment for your class year ended ${when}.`,
  },

  stop: {
    title: 'Enrolling and dropping are stopped for now',
    keep: 'This goes for everybody. Your classes and your places on waitlists are kept. This note goes away as soon as seats can be taken again.',
  },

  prepare: {
    invite: 'Use the time',
    inviteText:
      'Put your classes into your cart, in the order you want them. Once you are in, one press takes them all.',
    open: 'Prepare your cart',
    openFilled: (count: number) => (count === 1 ? 'Cart: 1 class' : `Cart: ${count} classes`),
    classes: 'My classes, waitlists and mails',
    title: 'Prepare your cart',
    lead: 'Seats are given once you are in. Your cart is the same on all your devices.',
    back: 'Back',
    backToPlace: 'My number',
    offers: (count: number) => (count === 1 ? 'A seat is offered to you.' : `${count} seats are offered to you.`),
    seeOffers: 'See the offer',
  },

  inside: {
    title: 'You are in',
    lead: 'Search, put classes into your cart in the order you want them, and enrol.',
    timeLeft: 'Time left',
    preparing: 'Opening the door for you…',
    announce: 'It is your turn. You are in.',
    lastMinutes: (minutes: number) => (minutes === 1 ? '1 minute left.' : `${minutes} minutes left.`),
    pageTitle: (clock: string) => `${clock} left · You are in · Sunbeon`,
    finish: 'Finish',
    finishTitle: 'Finish registration?',
    finishText: 'Your classes stay yours. To come in again you would take a new number at the end of the line.',
    finishCart: (count: number) =>
      count === 1
        ? 'One class in your cart is not enrolled yet.'
        : `${count} classes in your cart are not enrolled yet.`,
    finishStay: 'Stay inside',
    tabs: { search: 'Search', cart: 'Cart', classes: 'Classes' },
    tabsLabel: 'Parts of the registration',
  },

  search: {
    title: 'Find classes',
    query: 'Course, title or instructor',
    department: 'Department',
    allDepartments: 'All departments',
    openOnly: 'Free seats only',
    filters: 'More filters',
    filtersOn: (count: number) => `${count} on`,
    day: 'Day',
    anyDay: 'Any day',
    credits: 'Credits',
    anyCredits: 'Any',
    from: 'Starts from',
    until: 'Ends by',
    anyTime: 'Any time',
    fits: 'Fits beside my classes and cart',
    clear: 'Clear filters',
    found: (count: number) => (count === 1 ? '1 class' : `${number.format(count)} classes`),
    nothing: 'No class matches.',
    nothingHelp: 'Try fewer words, or fewer filters.',
    more: 'Show more',
    add: 'Add',
    added: 'In cart',
    mine: 'Enrolled',
    offered: 'Seat offered',
    addLabel: (code: string) => `Add ${code} to the cart`,
    removeLabel: (code: string) => `In cart: take ${code} out`,
    details: 'Prerequisites and notes',
  },

  section: {
    credits: (count: number) => (count < 0 ? 'variable credits' : credits(count)),
    left: (count: number) => (count === 1 ? '1 seat left' : `${number.format(count)} seats left`),
    ofCapacity: (capacity: number) => `of ${number.format(capacity)}`,
    full: 'Full',
    /** Beside `full`. */
    seats: (capacity: number) => (capacity === 1 ? '(1 seat)' : `(${number.format(capacity)} seats)`),
    closed: 'Closed',
    noTime: 'No fixed time',
    firstHalf: 'first half of the term',
    secondHalf: 'second half of the term',
    dates: (from?: string, until?: string) =>
      [from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' '),
    noInstructor: 'Instructor to be announced',
    days: { Mo: 'Mon', Tu: 'Tue', We: 'Wed', Th: 'Thu', Fr: 'Fri', Sa: 'Sat', Su: 'Sun' },
  },

  cart: {
    title: 'Cart',
    empty: 'Your cart is empty.',
    emptyHelp: 'Add classes from the search. The first has priority.',
    order: 'Enrolled from top to bottom.',
    later: 'Enrolled from top to bottom, with one press, once you are in.',
    up: (code: string) => `Move ${code} up`,
    down: (code: string) => `Move ${code} down`,
    remove: (code: string) => `Take ${code} out of the cart`,
    overlapsAbove: (code: string) => `It overlaps with ${code}, which comes first in your cart.`,
    sameCourseAbove: (code: string) => `It is the same course as ${code}, which comes first in your cart.`,
    /** `had`: credits of the classes that the student has. */
    credits: (inCart: number, had: number) =>
      had === 0
        ? `${credits(inCart)} in your cart.`
        : `${credit.format(inCart)} in your cart and ${credit.format(had)} enrolled: ${credits(inCart + had)}.`,
    creditLimit: (limit: number) => `The limit is ${credit.format(limit)}.`,
    overLimit: (limit: number) => `That is over your limit of ${credit.format(limit)}.`,
    enrol: (count: number) => (count === 1 ? 'Enrol in 1 class' : `Enrol in ${count} classes`),
    working: 'Enrolling…',
    limit: (count: number) => `At most ${count} classes at a time.`,
    enrolled: (count: number) => (count === 1 ? 'Enrolled in 1 class' : `Enrolled in ${count} classes`),
    refused: (count: number) => (count === 1 ? '1 class was not possible' : `${count} classes were not possible`),
    refusedKept: 'What was not possible stays in your cart.',
    outcomes: {
      enrolled: 'Enrolled',
      waitlisted: 'On the waitlist',
      left: 'No longer on the waitlist',
      dropped: 'Dropped',
      kept: 'Kept',
      changed: 'Changed',
      refused: 'Not possible',
    },
  },

  classes: {
    title: 'My classes',
    empty: 'No classes yet.',
    total: (credits: number) => (credits === 1 ? '1 credit in total' : `${credit.format(credits)} credits in total`),
    drop: 'Drop',
    dropLabel: (code: string) => `Drop ${code}`,
    dropTitle: (code: string) => `Drop ${code}?`,
    dropText: 'Your seat goes to somebody else. You may not get it back.',
    dropStay: 'Keep the class',
    dropGo: 'Drop the class',
    dropped: (code: string) => `${code} was dropped.`,
    closed:
      'Closed or cancelled: nobody new gets in. You are still enrolled; please ask the registrar what becomes of it.',
    dropUntil: (when: string) => `Drop or swap until ${when}`,
    dropOver: (when: string) => `Dropping and swapping ended ${when}`,
    inCart: 'dashed: in your cart',
    mails: 'My mails',
  },

  waitlist: {
    title: 'Waitlists',
    offers: 'Offered to you',
    join: 'Join the waitlist',
    joining: 'Joining…',
    joinLabel: (code: string) => `Join the waitlist of ${code}`,
    place: (position: number) =>
      position === 1 ? 'On the waitlist: next' : `On the waitlist: no. ${number.format(position)}`,
    help: {
      promote: 'A seat that becomes free goes to the first on the list, also when you are not here. You get a mail.',
      offer:
        'A seat that becomes free is offered to the first on the list for a limited time. You get a mail: take it in time.',
    },
    leave: 'Leave',
    leaveLabel: (code: string) => `Leave the waitlist of ${code}`,
    leaveTitle: (code: string) => `Leave the waitlist of ${code}?`,
    leaveText: 'Your turn on the waitlist is given up. If you join again you start at its end.',
    leaveStay: 'Keep waiting',
    leaveGo: 'Leave the waitlist',
    left: (code: string) => `You no longer wait for ${code}.`,
    offerLeft: 'Kept for you',
    offerUntil: (when: string) => `until ${when}`,
    accept: 'Take the seat',
    acceptLabel: (code: string) => `Take the seat in ${code}`,
    accepted: (code: string) => `You have a seat in ${code}.`,
    decline: 'Decline',
    declineLabel: (code: string) => `Decline the seat in ${code}`,
    declineTitle: (code: string) => `Decline the seat in ${code}?`,
    declineText: 'The seat goes to the next on the waitlist, and your turn is over.',
    declineStay: 'Keep the offer',
    declineGo: 'Decline the seat',
    declined: (code: string) => `You declined the seat in ${code}.`,
    offerOver: 'This offer is over.',
  },

  swap: {
    open: 'Swap',
    openLabel: (code: string) => `Swap ${code} for another class`,
    openFor: (code: string) => `Swap for this: ${code}`,
    forThis: 'Swap for this',
    title: 'Swap a class',
    lead: 'Both in one step, or neither: if the new seat cannot be had, you keep the one you have.',
    give: 'Give up',
    take: 'Take instead',
    nothingToTake: 'Put the class that you want into your cart first, then swap.',
    go: 'Swap',
    working: 'Swapping…',
    done: (given: string, taken: string) => `You now have ${taken} instead of ${given}.`,
    kept: (given: string) => `You keep ${given}.`,
    notPossible: (taken: string) => `${taken} was not possible:`,
  },

  mails: {
    title: 'My mails',
    empty: 'No mails yet.',
    emptyHelp: 'You get one whenever your classes or waitlists change.',
    states: {
      waiting: 'To be sent',
      claimed: 'Being sent',
      sent: 'Sent',
      parked: 'Could not be sent',
    },
  },

  news: {
    label: 'News about your classes',
    promoted: (code: string) => `You have a seat in ${code}. It came from the waitlist.`,
    offered: (code: string) => `A seat in ${code} is offered to you.`,
    offerOver: (code: string) => `The offer of a seat in ${code} is over.`,
    givenByRegistrar: (code: string) => `The registrar gave you a seat in ${code}.`,
    takenByRegistrar: (code: string) => `The registrar took back your seat in ${code}. The reason is in “My mails”.`,
    changedByRegistrar: (code: string) => `The registrar changed your waitlist for ${code}.`,
    closed: (code: string) => `${code} takes nobody any more. Your wait for a seat has ended.`,
    see: 'See my classes',
    close: 'Put this message away',
  },

  errorDetails: {
    overlaps: (code: string) => `It overlaps with ${code}, which you have.`,
    sameCourse: (code: string) => `You have ${code}, which is the same course.`,
    creditLimit: (limit: number) => `You would be over your limit of ${credit.format(limit)} credits.`,
    from: (when: string) => `It begins ${when}.`,
    until: (when: string) => `It is possible again from ${when}.`,
    ended: (when: string) => `It ended ${when}.`,
    reason: (reason: string) => `The reason: ${reason}`,
    classYearFull: (limit: number) =>
      limit === 1
        ? 'The one seat for your class year is taken.'
        : `All ${number.format(limit)} seats for your class year are taken.`,
  },

  errors: {
    invalid_input: 'Something in the request was not valid.',
    unsupported_type: 'The request was not in a form that we can read.',
    not_signed_in: 'Please sign in first.',
    sign_in_expired: 'Your sign-in has ended. Please sign in again.',
    sign_in_ambiguous:
      'Your browser holds two sign-ins for this address. Please delete the cookies of this site, then sign in again.',
    sign_in_refused: 'This sign-in was not accepted.',
    sign_in_elsewhere:
      'This sign-in was begun in another tab or window, or too long ago. Please press the button below to sign in here.',
    sign_in_unavailable: 'Signing in is not possible at the moment. Please try again shortly.',
    origin_refused: 'This page may not use the service.',
    not_operator: 'This is for operators only.',
    role_too_low: 'This needs the role of an operator who may do more.',
    on_hold: 'There is a hold on your registration. Please ask the registrar.',
    not_on_roster: 'You are not on the list of students who may register here.',
    not_found: 'This does not exist.',
    conflict: 'Somebody else changed this at the same time.',
    room_not_found: 'This registration does not exist.',
    room_closed: 'This registration is closed.',
    room_draining: 'No new numbers are given out any more.',
    window_not_open: 'Your turn to register has not begun yet.',
    ticket_invalid: 'Your number could not be confirmed.',
    ticket_gone: 'Your place in line is no longer there.',
    not_in_line: 'You are not in line.',
    line_recovering: 'The line is being restored. Please wait a moment.',
    line_unavailable: 'The line cannot be reached at the moment. Places are kept.',
    line_full: 'Very many are arriving right now.',
    pod_fenced: 'One of our servers is restarting.',
    admission_required: 'You have to be let in first.',
    admission_invalid: 'Your admission could not be confirmed.',
    admission_expired: 'Your time inside is over.',
    admission_finished: 'You have already finished.',
    admission_missed: 'You were let in, but nothing was heard from you in time. Please join the line again.',
    admission_removed: 'The registrar has ended your time inside.',
    section_not_found: 'This class does not exist any more.',
    section_full: 'No seats are left.',
    section_closed: 'This class is not open for enrolment.',
    already_enrolled: 'You are already enrolled in this class.',
    not_enrolled: 'You are not enrolled in this class.',
    same_course: 'You already have another class of this course.',
    time_conflict: 'It overlaps with another of your classes.',
    credit_limit: 'You would be over your credit limit.',
    window_closed: 'Registration is over for your class year.',
    class_year_full: 'No seats are left for your class year.',
    class_year_refused: 'This class is not for your class year.',
    duplicate_request: 'The class was asked for twice.',
    request_mismatch: 'This request was already used for something else.',
    drop_blocked: 'Dropping is not possible at this hour.',
    drop_closed: 'The time for dropping and swapping is over.',
    already_waitlisted: 'You are already on the waitlist.',
    not_waitlisted: 'You are not on the waitlist.',
    waitlist_not_needed: 'There are free seats; no waitlist is needed.',
    offer_expired: 'The offer is over.',
    no_offer: 'There is no offer for you.',
    capacity_below_taken: 'More seats are taken than that.',
    seats_stopped: 'Enrolling and dropping are stopped for now.',
    busy: 'Very busy at the moment. Please try again.',
    too_many_requests: 'Too many requests. Please wait a moment.',
    too_many_sockets: 'You have this page open too many times. Close some tabs.',
    database_unavailable: 'Seats cannot be given out at the moment. Your place is kept.',
    draining: 'This server is restarting.',
    internal: 'Something went wrong on our side. Please try again.',
    offline: 'There is no connection. Please check your network.',
    no_answer: 'The service did not answer in time. Please try again.',
    unknown: 'That did not work.',
  },
};

/** Every word the page says; each language says all of them. */
export type Texts = typeof en;
