import { z } from 'zod';
import { askJson, mapAtMost } from './http';

const termsSchema = z.object({ terms: z.array(z.object({ id: z.string(), creditLimit: z.number() })) });

const sectionSchema = z.object({
  id: z.string(),
  courseId: z.string(),
  type: z.string(),
  credits: z.number(),
  capacity: z.int().min(0),
  left: z.int().min(0),
  meetings: z.array(z.object({ day: z.string(), start: z.string(), end: z.string() })),
});

const pageSchema = z.object({ sections: z.array(sectionSchema), total: z.int() });
const signedInSchema = z.object({ token: z.string(), student: z.object({ id: z.string(), name: z.string() }) });
const roomSchema = z.object({ id: z.string() });
const roomViewSchema = z.object({
  roomId: z.string(),
  termId: z.string(),
  state: z.string(),
  opensAt: z.number(),
  ratePerSecond: z.number(),
  serverTime: z.number(),
});
const enrolmentsSchema = z.object({ enrolments: z.array(z.object({ section: z.object({ id: z.string() }) })) });

const waitlistsSchema = z.object({
  waitlists: z.array(z.object({ section: z.object({ id: z.string() }), state: z.string(), position: z.int() })),
});

export interface CatalogueSection {
  id: string;
  courseId: string;
  /** Lecture, lab and so on: one section of a course and type. */
  type: string;
  /** Negative for variable, counted as 0. */
  credits: number;
  meetings: readonly { day: string; start: string; end: string }[];
  capacity: number;
  /** Seats that anybody may still take. */
  left: number;
}

/** A student who is signed in, and our own token of that. */
export type SignedIn = z.infer<typeof signedInSchema>;

export type RoomView = z.infer<typeof roomViewSchema>;

export interface NewRoom {
  id: string;
  termId: string;
  name: string;
  /** ms since the Unix epoch, by the service's clock. */
  opensAt: number;
  /** As configured unless given. */
  ratePerSecond?: number;
  capacity?: number;
}

const PAGE_SIZE = 100;
/** Calls at once where every student has one. */
const AT_ONCE = 32;

/** The service over HTTP, as far as simulations need it. Every call throws HttpError. */
export class ServiceApi {
  constructor(
    private readonly url: string,
    private readonly operatorToken?: string,
  ) {}

  /** The term with this id, or the only one. @throws Error when there is no such one */
  async term(id?: string): Promise<{ id: string; creditLimit: number }> {
    const { terms } = await askJson(`${this.url}/api/terms`, termsSchema);
    const found = id === undefined && terms.length === 1 ? terms[0] : terms.find((term) => term.id === id);
    if (found) return found;
    throw new Error(`Name one of the terms with --term: ${terms.map((term) => term.id).join(', ')}`);
  }

  async sections(termId: string): Promise<CatalogueSection[]> {
    const sections: CatalogueSection[] = [];
    for (let page = 1; ; page += 1) {
      const query = `page=${page}&pageSize=${PAGE_SIZE}`;
      const found = await askJson(`${this.url}/api/terms/${termId}/sections?${query}`, pageSchema);
      sections.push(...found.sections);
      if (found.sections.length === 0 || sections.length >= found.total) return sections;
    }
  }

  /** Our own sign-ins of demo students, in their order. */
  signInDemo(studentIds: readonly string[]): Promise<SignedIn[]> {
    return this.signIn('demo', studentIds, (studentId) => ({ studentId, name: `Student ${studentId}` }));
  }

  /** Our own sign-ins for tokens of the identity provider, in their order. */
  signInSso(tokens: readonly string[]): Promise<SignedIn[]> {
    return this.signIn('sso', tokens, (token) => ({ token }));
  }

  async makeRoom(room: NewRoom): Promise<void> {
    const { operatorToken: token } = this;
    if (token === undefined) throw new Error('Making a room needs --operator-token (or take a --room that is there).');
    await askJson(`${this.url}/api/operator/rooms`, roomSchema, { method: 'POST', body: room, token });
  }

  room(roomId: string): Promise<RoomView> {
    return askJson(`${this.url}/api/rooms/${roomId}`, roomViewSchema);
  }

  /** The time of the service, ms. */
  async serverTime(): Promise<number> {
    return (await askJson(`${this.url}/api/config`, z.object({ serverTime: z.number() }))).serverTime;
  }

  /** The sections that each student is enrolled in, asked for with their own sign-ins. */
  async enrolments(termId: string, signIns: readonly string[]): Promise<string[][]> {
    return mapAtMost(signIns, AT_ONCE, async (token) => {
      const answer = await askJson(`${this.url}/api/terms/${termId}/enrolments`, enrolmentsSchema, { token });
      return answer.enrolments.map(({ section }) => section.id);
    });
  }

  /** The waitlists that each student is on, and the positions there, asked for with their own sign-ins. */
  async waitlists(termId: string, signIns: readonly string[]): Promise<{ sectionId: string; place: number }[][]> {
    return mapAtMost(signIns, AT_ONCE, async (token) => {
      const answer = await askJson(`${this.url}/api/terms/${termId}/waitlists`, waitlistsSchema, { token });
      return answer.waitlists.map(({ section, position }) => ({ sectionId: section.id, place: position }));
    });
  }

  private signIn<T>(kind: 'demo' | 'sso', who: readonly T[], bodyOf: (one: T) => object): Promise<SignedIn[]> {
    return mapAtMost(who, AT_ONCE, (one) =>
      askJson(`${this.url}/api/sign-in/${kind}`, signedInSchema, { method: 'POST', body: bodyOf(one) }),
    );
  }
}
