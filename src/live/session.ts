import type { Server, Socket } from 'socket.io';
import type { Reckoning } from '../common/reckoning';
import type { IssuedSignIn } from '../identity/sign-in-ends';
import type { Ticket } from '../line/ticket';
import type { ClientToServerEvents, ServerToClientEvents } from '../contract/events';
import type { LineHistory, PodReport } from '../contract/operate/console';
import type { CartChangedMessage, EnrolmentChangedMessage, SeatsLeftMessage } from '../contract/seats';

/** What is remembered with each socket. */
export interface SocketData {
  studentId: string;
  /** As the sign-in says it. */
  classYear?: string;
  /** The sign-in with which it was opened. */
  signIn: IssuedSignIn;
  session: Session;
}

/** What all sockets of one student are told alike, wherever they are. */
export type StudentNews =
  | [studentId: string, event: 'enrolment:changed', message: EnrolmentChangedMessage]
  | [studentId: string, event: 'cart:changed', message: CartChangedMessage];

/** What one pod says of itself and of its last seconds. */
export interface PodSample {
  report: PodReport;
  /** Which sample: the time it began, ms since the Unix epoch, a multiple of its length. */
  at: number;
  enrolled: number;
  requests: number;
  refused: Record<string, number>;
  commitP50Ms: number;
  commitP99Ms: number;
}

/** The last minutes as one pod knows them, for one that has just started. */
export interface PodHistory {
  lines: Record<string, LineHistory>;
  samples: PodSample[];
}

/** What pods tell each other through the fan-out. */
export interface PodToPodEvents {
  /** A room has a newer version in the database. */
  'room:changed': (roomId: string, version: number) => void;
  'seats:changed': (termId: string, seats: SeatsLeftMessage['seats']) => void;
  'students:told': (news: StudentNews[]) => void;
  /** Sign-ins were ended: what they are is in the database. */
  'sign-ins:ended': () => void;
  'pod:sampled': (sample: PodSample) => void;
  'history:wanted': (podId: string) => void;
  'history:told': (podId: string, history: PodHistory) => void;
}

export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, PodToPodEvents, SocketData>;
export type LiveServer = Server<ClientToServerEvents, ServerToClientEvents, PodToPodEvents, SocketData>;

/** One socket's place in one room. */
export interface SessionPlace {
  roomId: string;
  /** The one it has now; a lottery gives it another than the ticket's. */
  number: number;
  state: 'waiting' | 'admitted';
  /** It was given when the door was shut already, and is not told. */
  late?: true;
  /** What the student holds signed. */
  ticket: Ticket;
  /** Last position and total that were told; 0 for a position that was withheld. */
  position: number;
  total: number;
  /** When they were taken, by the clock of the line's store, ms. */
  sentAt: number;
  /** From where, and how fast, the client moves its number on; undefined for one that does not extrapolate. */
  reckoned?: Reckoning;
  /** Version of the flow that was told last. */
  flowVersion?: number;
}

/** One socket of one student on this pod. */
export class Session {
  readonly places = new Map<string, SessionPlace>();
  /** The rooms that it looks at: those in which it has, had, or wanted a place. */
  readonly rooms = new Set<string>();
  /** Acts under way whose answer comes before whatever they bring about (see `answerFirst`). */
  private answering = 0;
  private readonly later: (() => void)[] = [];

  constructor(
    readonly socket: LiveSocket,
    readonly studentId: string,
    readonly classYear?: string,
  ) {}

  /** Does what ends with an answer to the student; what is told meanwhile is told after it. */
  async answerFirst(work: () => Promise<void>): Promise<void> {
    this.answering += 1;
    try {
      await work();
    } finally {
      this.answering -= 1;
      if (this.answering === 0) for (const message of this.later.splice(0)) message();
    }
  }

  /** Tells of the place, in order: at once, or after the answer that is under way. */
  tell(message: () => void): void {
    if (this.answering > 0) this.later.push(message);
    else message();
  }
}

/** Packets that wait because the socket does not drain. The field is engine.io's own, and its documented back-pressure. */
export function backlogOf(socket: LiveSocket): number {
  return (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
}
