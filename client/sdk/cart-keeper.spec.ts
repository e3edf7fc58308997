import type { Section } from '../../src/contract/catalogue';
import type { CartView } from '../../src/contract/enrolments';
import { type CartApi, CartKeeper } from './cart-keeper';
import { SunbeonError } from './sunbeon-error';

const section = (id: string): Section => ({
  ...{ id, termId: '20251', courseId: id, code: id, section: '', type: '', title: id, instructors: [] },
  ...{
    credits: 1,
    capacity: 1,
    left: 1,
    waiting: 0,
    version: 1,
    closed: false,
    meetings: [],
    prerequisites: '',
    notes: '',
  },
});

/** The cart as the service keeps it, with its rule of versions. */
class Service implements CartApi {
  version = 0;
  sectionIds: string[] = [];
  writes = 0;
  reads = 0;
  refusal?: SunbeonError;

  async cart(): Promise<CartView> {
    this.reads += 1;
    return this.view();
  }

  async replaceCart(_termId: string, seen: Pick<CartView, 'version' | 'sectionIds'>): Promise<CartView> {
    this.writes += 1;
    if (this.refusal) throw this.refusal;
    if (seen.version !== this.version) throw new SunbeonError('conflict', 'changed meanwhile', false);
    this.put(seen.sectionIds);
    return this.view();
  }

  put(sectionIds: string[]): void {
    this.sectionIds = sectionIds;
    this.version += 1;
  }

  private view(): CartView {
    const obstacle = { code: 'time_conflict', message: 'they meet at the same time' } as const;
    const obstacles = this.sectionIds.slice(1).map((sectionId) => ({ sectionId, ...obstacle }));
    return {
      termId: '20251',
      version: this.version,
      sectionIds: this.sectionIds,
      sections: this.sectionIds.map(section),
      obstacles,
    };
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

const shown = (cart: CartKeeper): string => cart.state.sections.map(({ id }) => id).join('');

describe('a cart', () => {
  it('shows an edit at once, and is written', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    cart.add(section('a'));
    expect(shown(cart)).toBe('a');
    await cart.refresh();
    expect(service.sectionIds).toEqual(['a']);
  });

  it('keeps edits made before it was read', async () => {
    const service = new Service();
    service.put(['x']);
    const cart = new CartKeeper(service, '20251');
    cart.add(section('a'));
    await cart.refresh();
    expect(shown(cart)).toBe('xa');
    expect(service.sectionIds).toEqual(['x', 'a']);
  });

  it('loses neither its own edits nor those of another device', async () => {
    const service = new Service();
    service.put(['a', 'b']);
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    service.put(['b', 'a', 'c']);
    cart.remove('a');
    cart.add(section('d'));
    await cart.refresh();
    expect(service.sectionIds).toEqual(['b', 'c', 'd']);
    expect(shown(cart)).toBe('bcd');
  });

  it('shows what another tab did as soon as it is heard of, and reads it once', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    service.put(['a']);
    service.put(['a', 'b']);
    cart.hear(1);
    cart.hear(2);
    await until(() => shown(cart) === 'ab');
    cart.hear(2);
    cart.hear(1);
    await cart.refresh();
    expect(service.reads).toBe(3);
  });

  it('does not read again what it has changed itself, whichever comes first, the answer or the news', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    cart.add(section('a'));
    await until(() => service.writes === 1);
    cart.hear(1);
    await until(() => cart.state.version === 1);
    cart.hear(1);
    cart.add(section('b'));
    await until(() => cart.state.version === 2);
    expect(service.reads).toBe(1);
  });

  it('does not ask for ever when what it heard of is not there', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    cart.hear(9);
    await until(() => service.reads === 2);
    cart.add(section('a'));
    await until(() => service.version === 1 && cart.state.version === 1);
    expect(service.reads).toBe(2);
  });

  it('leaves a cart that nobody has opened unread', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    cart.hear(3);
    await turn();
    expect(service.reads).toBe(0);
  });

  it('says what stands in the way, as the service sees it', async () => {
    const service = new Service();
    service.put(['a', 'b']);
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    expect([...cart.state.obstacles.keys()]).toEqual(['b']);
  });

  it('gives up an edit that is refused, says why, and shows what is kept', async () => {
    const service = new Service();
    service.put(['a']);
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    service.refusal = new SunbeonError('section_not_found', 'gone', false);
    cart.add(section('b'));
    await cart.refresh();
    expect(shown(cart)).toBe('a');
    expect(cart.state.error?.code).toBe('section_not_found');
  });

  it('is not written when nothing changes by an edit', async () => {
    const service = new Service();
    service.put(['a']);
    const cart = new CartKeeper(service, '20251');
    cart.move('a', -1);
    await cart.refresh();
    expect(service.writes).toBe(0);
  });

  it('asks nothing any more once it has ended', async () => {
    const service = new Service();
    const cart = new CartKeeper(service, '20251');
    await cart.refresh();
    cart.end();
    cart.add(section('a'));
    await cart.refresh();
    expect(service.writes).toBe(0);
  });
});
