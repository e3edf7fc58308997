const WORD_BITS = 32;
const SMALLEST_WORDS = 32;

/** How many of the 32 bits are set (Hacker's Delight, figure 5–2). */
function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  count = (count + (count >>> 4)) & 0x0f0f0f0f;
  return Math.imul(count, 0x01010101) >>> 24;
}

/**
 * Which ticket numbers still wait, and how many of them are below a number.
 *
 * A bitset in words of 32 numbers (the most significant bit is the lowest number, as in a Redis bitmap), and a Fenwick
 * tree over the words' counts. Adding, removing and looking up cost O(log n), a sweep over all O(n); the memory is two
 * bits per number between the lowest and the highest. Numbers are integers from 0 to 2^31.
 */
export class PositionIndex {
  private base: number;
  private highestNumber: number;
  private waiting = 0;
  private words = new Uint32Array(SMALLEST_WORDS);
  /** Fenwick tree, one-based: `tree[i]` counts the words (i − lowest set bit of i, i]. */
  private tree = new Uint32Array(SMALLEST_WORDS + 1);

  /** An empty index whose next number is `baseNumber`. */
  constructor(baseNumber: number) {
    this.base = baseNumber;
    this.highestNumber = baseNumber - 1;
  }

  /**
   * Takes over a snapshot of the store: bit i (most significant bit of each byte first) of `bitmap` is the number
   * `baseNumber + i`; everything below `nextNumber` is known, whether it waits or not.
   */
  static fromBitmap(baseNumber: number, nextNumber: number, bitmap: Uint8Array): PositionIndex {
    const index = new PositionIndex(baseNumber);
    index.reserve(Math.max(bitmap.length * 8, nextNumber - baseNumber));
    for (let i = 0; i < bitmap.length; i++) {
      index.words[i >>> 2]! |= bitmap[i]! << (24 - 8 * (i & 3));
    }
    index.recount();
    index.highestNumber = Math.max(nextNumber - 1, index.waiting > 0 ? index.numberAt(index.waiting)! : baseNumber - 1);
    return index;
  }

  /** How many numbers wait. */
  get total(): number {
    return this.waiting;
  }

  /** One above the highest number the index has heard of; `baseNumber` when there is none. */
  get nextNumber(): number {
    return this.highestNumber + 1;
  }

  /** Whether a number waits. One that the index has not heard of does not. */
  has(number: number): boolean {
    const offset = number - this.base;
    if (offset < 0 || number > this.highestNumber) return false;
    return (this.words[offset >>> 5]! & (0x80000000 >>> (offset & 31))) !== 0;
  }

  /** A number now waits. All numbers between the highest so far and it are then known not to wait. False: it already did. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    if (number < this.base) this.extendDown(number);
    this.reserve(number - this.base + 1);
    this.highestNumber = Math.max(this.highestNumber, number);
    this.flip(number - this.base, 1);
    return true;
  }

  /** A number no longer waits. False: it did not wait. */
  remove(number: number): boolean {
    if (!this.has(number)) return false;
    this.flip(number - this.base, -1);
    return true;
  }

  /**
   * 1 + the numbers below that wait. Those between the highest known and `number` count as waiting: this index lags,
   * and what it shows must never rise once it has caught up.
   */
  position(number: number): number {
    if (number > this.highestNumber) return this.waiting + number - this.highestNumber;
    const offset = number - this.base;
    return offset <= 0 ? 1 : 1 + this.countBelow(offset);
  }

  /** The number at a position (1 = the lowest that waits); undefined when fewer wait. */
  numberAt(position: number): number | undefined {
    if (position < 1 || position > this.waiting) return undefined;
    let word = 0;
    let left = position;
    for (let step = this.words.length; step > 0; step >>>= 1) {
      const next = word + step;
      if (next < this.tree.length && this.tree[next]! < left) {
        word = next;
        left -= this.tree[next]!;
      }
    }
    let bits = this.words[word]!;
    while (--left > 0) bits &= ~(0x80000000 >>> Math.clz32(bits));
    return this.base + word * WORD_BITS + Math.clz32(bits);
  }

  /** Calls `visit` for every waiting number from `fromNumber` to `toNumber` (both included), lowest first. */
  forEach(
    visit: (number: number, position: number) => void,
    fromNumber = this.base,
    toNumber = this.highestNumber,
  ): void {
    const from = Math.max(fromNumber, this.base) - this.base;
    const to = Math.min(toNumber, this.highestNumber) - this.base;
    if (from > to) return;
    let position = this.countBelow(from);
    for (let word = from >>> 5; word <= to >>> 5; word++) {
      let bits = this.words[word]!;
      if (word === from >>> 5) bits &= 0xffffffff >>> (from & 31);
      if (word === to >>> 5) bits &= 0xffffffff << (31 - (to & 31));
      const first = this.base + word * WORD_BITS;
      while (bits !== 0) {
        const bit = Math.clz32(bits);
        visit(first + bit, ++position);
        bits &= ~(0x80000000 >>> bit);
      }
    }
  }

  /** How many wait among the first `offset` numbers. */
  private countBelow(offset: number): number {
    let word = offset >>> 5;
    const within = offset & 31;
    let count = within === 0 ? 0 : bitCount(this.words[word]! >>> (WORD_BITS - within));
    for (; word > 0; word &= word - 1) count += this.tree[word]!;
    return count;
  }

  private flip(offset: number, change: 1 | -1): void {
    this.words[offset >>> 5]! ^= 0x80000000 >>> (offset & 31);
    this.waiting += change;
    for (let i = (offset >>> 5) + 1; i < this.tree.length; i += i & -i) this.tree[i]! += change;
  }

  /** Makes room for `numbers` numbers, at least doubling, so that growing costs O(1) per number over time. */
  private reserve(numbers: number): void {
    const needed = Math.ceil(numbers / WORD_BITS);
    if (needed <= this.words.length) return;
    const grown = new Uint32Array(2 ** Math.ceil(Math.log2(needed)));
    grown.set(this.words);
    this.words = grown;
    this.recount();
  }

  /** Moves the base down to `number` or below, by whole words, leaving room for more of the kind. */
  private extendDown(number: number): void {
    const missing = Math.ceil((this.base - number) / WORD_BITS);
    const room = Math.min(missing + this.words.length, Math.floor(this.base / WORD_BITS));
    const added = Math.max(missing, room);
    const moved = new Uint32Array(2 ** Math.ceil(Math.log2(this.words.length + added)));
    moved.set(this.words, added);
    this.words = moved;
    this.base -= added * WORD_BITS;
    this.recount();
  }

  /** Builds the tree and the total from the words, in one pass. */
  private recount(): void {
    const { words } = this;
    const tree = new Uint32Array(words.length + 1);
    this.waiting = 0;
    for (let i = 1; i < tree.length; i++) {
      const count = bitCount(words[i - 1]!);
      this.waiting += count;
      tree[i]! += count;
      const parent = i + (i & -i);
      if (parent < tree.length) tree[parent]! += tree[i]!;
    }
    this.tree = tree;
  }
}
