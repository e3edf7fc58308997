import type { LineEvent } from '../../line/line-store';
import type { Numbers, Places } from './places';
import type { Broken } from './report';

/** A room's lottery, if it has one: everybody on the list is drawn once, and gets one of the numbers set aside. */
export class LotteryCheck {
  private stage: 'pending' | 'frozen' | 'over';
  /** Entries that were not drawn yet, once the list is closed. */
  private entries = new Set<number>();
  /** First of the numbers set aside. */
  private firstNumber = 0;

  /** @param drawn it was settled in an earlier epoch */
  constructor(
    drawn: boolean,
    private readonly places: Places,
    private readonly numbers: Numbers,
    private readonly broken: Broken,
  ) {
    this.stage = drawn ? 'over' : 'pending';
  }

  get isOver(): boolean {
    return this.stage === 'over';
  }

  /** Whoever waits is on the list, and as many numbers are set aside. */
  freeze(event: LineEvent & { type: 'frozen' }, hasLottery: boolean): void {
    const entries = new Set(this.places.waiting());
    const expected = this.stage === 'pending' && hasLottery;
    if (!expected || event.entries !== entries.size || event.firstNumber !== this.numbers.next) {
      this.broken('lottery', event, `list of ${event.entries} closed, ${entries.size} wait`);
    }
    this.stage = 'frozen';
    this.entries = entries;
    this.firstNumber = event.firstNumber;
    this.numbers.next = event.firstNumber + event.entries;
  }

  draw(event: LineEvent & { type: 'drawn' }): void {
    const { entry, number, studentId } = event;
    const place = this.places.find(entry);
    const isListed = this.stage === 'frozen' && this.entries.delete(entry);
    if (!isListed || place?.state !== 'waiting' || place.student !== studentId) {
      return this.broken('illegal_move', event, `${entry} was drawn, which ${studentId} does not hold in the lottery`);
    }
    const isSetAside = number >= this.firstNumber && number < this.numbers.next;
    if (!isSetAside) this.broken('number_order', event, `${number} was drawn`);
    if (!this.numbers.give(number)) this.broken('number_reused', event, `number ${number}`);
    this.places.move(place, entry, number);
  }

  conclude(event: LineEvent): void {
    const left = [...this.entries].filter((entry) => this.places.find(entry)?.state === 'waiting');
    if (this.stage !== 'frozen') this.broken('lottery', event, 'settled without a list');
    if (left.length > 0) this.broken('lottery', event, `${left.length} entrants were not drawn`);
    this.stage = 'over';
  }
}
