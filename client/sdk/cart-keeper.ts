import type { Section } from '../../src/contract/catalogue';
import type { CartObstacle, CartView } from '../../src/contract/enrolments';
import type { ServiceApi } from './api';
import { type CartEdit, edited } from './cart-edits';
import { retrying } from './retry';
import { asSunbeonError, type SunbeonError } from './sunbeon-error';

export interface CartState {
  /** Whether the service's cart is known; until then it is empty, and edits wait. */
  loaded: boolean;
  /** Of the newest cart that the service is known to keep. */
  version: number;
  /** In order of preference, own edits included. */
  sections: Section[];
  /** By section; as of the last answer of the service. */
  obstacles: ReadonlyMap<string, CartObstacle>;
  /** Most credits that the student may be enrolled for, where the service says it. */
  creditLimit?: number;
  /** Why the last edit or look failed for good. */
  error?: SunbeonError;
}

export type CartApi = Pick<ServiceApi, 'cart' | 'replaceCart'>;

const EMPTY: CartState = { loaded: false, version: 0, sections: [], obstacles: new Map() };

/**
 * The student's cart of one term, which the service keeps for all devices. Edits show at once and are sent one after
 * another; when another device was faster, they are made again on its cart, so neither device's edits are lost.
 */
export class CartKeeper {
  private current = EMPTY;
  /** What the service keeps, as far as we know. */
  private kept: Pick<CartView, 'version' | 'sectionIds'> = { version: 0, sectionIds: [] };
  /** Edits that the service has not confirmed. */
  private edits: CartEdit[] = [];
  private readonly known = new Map<string, Section>();
  private readonly listeners = new Set<(state: CartState) => void>();
  private working: Promise<void> | undefined;
  private stale = false;
  /** The newest version that the service has told of. */
  private newest = 0;
  private ended = false;

  constructor(
    private readonly api: CartApi,
    private readonly termId: string,
  ) {}

  get state(): CartState {
    return this.current;
  }

  subscribe(listener: (state: CartState) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Reads the cart of the service again; resolves when all is read and written. */
  refresh(): Promise<void> {
    this.stale = true;
    return this.work();
  }

  /** The service says that it keeps this version: a change from here, or of another tab or device. */
  hear(version: number): void {
    this.newest = Math.max(this.newest, version);
    if (this.current.loaded && this.isBehind) void this.work();
  }

  add(section: Section): void {
    this.known.set(section.id, section);
    this.edit({ kind: 'add', sectionId: section.id });
  }

  remove(sectionId: string): void {
    this.edit({ kind: 'remove', sectionId });
  }

  /** One place up (-1) or down (1). */
  move(sectionId: string, by: -1 | 1): void {
    this.edit({ kind: 'move', sectionId, by });
  }

  /** Stops asking; the student has signed out. */
  end(): void {
    this.ended = true;
    this.listeners.clear();
  }

  private get isBehind(): boolean {
    return this.stale || !this.current.loaded || this.newest > this.kept.version;
  }

  private edit(edit: CartEdit): void {
    this.edits.push(edit);
    this.show({ error: undefined });
    void this.work();
  }

  private work(): Promise<void> {
    this.working ??= this.settle();
    return this.working;
  }

  /** Reads and writes until the service and we agree, or it refuses. */
  private async settle(): Promise<void> {
    // Whoever starts it keeps the promise before it can end.
    await Promise.resolve();
    while (!this.ended && (this.isBehind || this.edits.length > 0)) {
      try {
        if (this.isBehind) await this.read();
        else await this.write();
      } catch (thrown) {
        this.stale = this.current.loaded && this.edits.length > 0;
        this.edits = [];
        this.show({ error: asSunbeonError(thrown) });
        if (!this.stale) break;
      }
    }
    this.working = undefined;
  }

  private async read(): Promise<void> {
    this.stale = false;
    const { newest } = this;
    this.take(await this.tryOn(() => this.api.cart(this.termId)));
    // Read once for each time it is heard of, whatever comes of it.
    if (this.newest === newest) this.newest = this.kept.version;
  }

  private async write(): Promise<void> {
    const sent = this.edits.length;
    const sectionIds = edited(this.kept.sectionIds, this.edits);
    if (sectionIds.join() === this.kept.sectionIds.join()) {
      this.edits.splice(0, sent);
      return;
    }
    try {
      const view = await this.tryOn(() =>
        this.api.replaceCart(this.termId, { version: this.kept.version, sectionIds }),
      );
      this.edits.splice(0, sent);
      this.take(view);
    } catch (thrown) {
      if (asSunbeonError(thrown).code !== 'conflict') throw thrown;
      // Another device was faster: its cart first, then our edits once more.
      this.stale = true;
    }
  }

  private tryOn<T>(attempt: () => Promise<T>): Promise<T> {
    return retrying(attempt, { goOn: () => !this.ended });
  }

  private take({ version, sectionIds, sections, obstacles, creditLimit }: CartView): void {
    // A read that was answered late must not bring an older cart back.
    if (version < this.kept.version) return;
    this.kept = { version, sectionIds };
    for (const section of sections) this.known.set(section.id, section);
    const bySection = new Map(obstacles.map((obstacle) => [obstacle.sectionId, obstacle]));
    this.show({ loaded: true, version, obstacles: bySection, creditLimit });
  }

  private show(change: Partial<CartState>): void {
    if (this.ended) return;
    const ids = edited(this.kept.sectionIds, this.edits);
    const sections = ids.flatMap((id) => this.known.get(id) ?? []);
    this.current = { ...this.current, ...change, sections };
    for (const listener of this.listeners) listener(this.current);
  }
}
