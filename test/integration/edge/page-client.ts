import type { Student, SunbeonState } from '../../../client/sdk/state';
import type { SectionOutcome } from '../../../src/contract/seats';

/** Our own client, as the page uses it; as much of it as these tests need. */
export interface PageClient {
  readonly state: SunbeonState;
  subscribe(listener: (state: SunbeonState) => void): () => void;
  start(): Promise<unknown>;
  acceptSignIn(signIn: { token: string; student: Student }): void;
  join(roomId: string): void;
  connect(): void;
  closeRoom(): void;
  commit(termId: string, sectionIds: string[]): Promise<SectionOutcome[]>;
  drop(termId: string, sectionId: string): Promise<void>;
  acceptOffer(termId: string, sectionId: string): Promise<void>;
}

interface Sdk {
  SunbeonClient: new (options: { url: string; storage: object }) => PageClient;
}

/** Loaded at run time: it is written for the browser, whose types are not those of the server. */
export function newPageClient(url: string): PageClient {
  const { SunbeonClient } = jest.requireActual<Sdk>('../../../client/sdk/sunbeon-client');
  const { memoryStorage } = jest.requireActual<{ memoryStorage: () => object }>('../../../client/sdk/storage');
  return new SunbeonClient({ url, storage: memoryStorage() });
}
