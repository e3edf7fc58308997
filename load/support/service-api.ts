import { z } from 'zod';
import { meetingSchema, sectionPageSchema, sectionSchema, termSchema } from '../../src/contract/catalogue';
import { waitlistSchema } from '../../src/contract/enrolments';
import { serviceConfigSchema, signedInStudentSchema, signInSchema } from '../../src/contract/identity';
import { createRoomSchema, roomSettingsSchema } from '../../src/contract/operate/rooms';
import { roomViewSchema } from '../../src/contract/rooms';
import { askJson, mapAtMost } from './http';

/** Of each answer what simulations need: a service of another version will do, too. */
const termsSchema = z.object({ terms: z.array(termSchema.pick({ id: true, creditLimit: true })) });
const offeredSchema = sectionSchema
  .pick({ id: true, courseId: true, type: true, credits: true, capacity: true, left: true })
  .extend({ meetings: z.array(meetingSchema.pick({ day: true, start: true, end: true })) });
const pageSchema = z.object({ sections: z.array(offeredSchema), total: sectionPageSchema.shape.total });
const signedInSchema = signInSchema
  .pick({ token: true })
  .extend({ student: signedInStudentSchema.pick({ id: true, name: true }) });
const madeSchema = roomSettingsSchema.pick({ id: true });
const roomSchema = roomViewSchema.pick({
  ...({ roomId: true, termId: true, state: true, opensAt: true, ratePerSecond: true, serverTime: true } as const),
});
const section = z.object({ section: sectionSchema.pick({ id: true }) });
const enrolmentsSchema = z.object({ enrolments: z.array(section) });
const waitlistsSchema = z.object({
  waitlists: z.array(section.extend(waitlistSchema.pick({ position: true }).shape)),
});
const configSchema = serviceConfigSchema.pick({ serverTime: true });

export type CatalogueSection = z.infer<typeof offeredSchema>;

/** A student who is signed in, and our own token of that. */
export type SignedIn = z.infer<typeof signedInSchema>;

/** What is left out is as configured. */
export type NewRoom = Pick<
  z.input<typeof createRoomSchema>,
  'id' | 'termId' | 'name' | 'opensAt' | 'ratePerSecond' | 'capacity'
>;

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
    await askJson(`${this.url}/api/operator/rooms`, madeSchema, { method: 'POST', body: room, token });
  }

  room(roomId: string): Promise<z.infer<typeof roomSchema>> {
    return askJson(`${this.url}/api/rooms/${roomId}`, roomSchema);
  }

  /** The time of the service, ms. */
  async serverTime(): Promise<number> {
    return (await askJson(`${this.url}/api/config`, configSchema)).serverTime;
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
