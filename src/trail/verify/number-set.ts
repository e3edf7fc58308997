const PAGE_BITS = 16;
const WORDS_PER_PAGE = 2 ** (PAGE_BITS - 5);

/** Whole numbers from 0 to 2^31, a bit for each: those of a line are dense, with wide gaps where a life of it was lost. */
export class NumberSet {
  private readonly pages = new Map<number, Uint32Array>();

  has(number: number): boolean {
    const page = this.pages.get(number >>> PAGE_BITS);
    return page !== undefined && (page[wordOf(number)]! & bitOf(number)) !== 0;
  }

  /** @returns whether it was not in it before */
  add(number: number): boolean {
    if (this.has(number)) return false;
    let page = this.pages.get(number >>> PAGE_BITS);
    if (!page) {
      page = new Uint32Array(WORDS_PER_PAGE);
      this.pages.set(number >>> PAGE_BITS, page);
    }
    page[wordOf(number)]! |= bitOf(number);
    return true;
  }
}

const wordOf = (number: number): number => (number >>> 5) % WORDS_PER_PAGE;
const bitOf = (number: number): number => 1 << (number & 31);
