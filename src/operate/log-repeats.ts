/** How long what is said again and again is not said, ms. */
const SAY_EVERY_MS = 60_000;
/** Of how many different troubles the times are kept; beyond that, the oldest is forgotten. */
const MOST_KEPT = 500;

interface Said {
  at: number;
  unsaid: number;
}

/** So that a trouble of hours is a line a minute: of lines that say the same about the same, one is written. */
export class LogRepeats {
  private readonly said = new Map<string, Said>();

  /**
   * @param fields of the line; what makes it the same as another are its code, whom it concerns, and its reason but for numbers
   * @param now by a monotonic clock, ms
   * @returns how many such lines were not written since the last that was; undefined when this one is not to be written
   */
  unsaid(fields: Readonly<Record<string, unknown>>, now: number): number | undefined {
    const { code, room, term, section, reason, err } = fields;
    const text = err instanceof Error ? err.message : reason;
    const trouble = typeof text === 'string' ? text.replace(/\d+/g, '0') : '';
    const key = JSON.stringify([code, room, term, section, trouble]);
    const known = this.said.get(key);
    if (known && now < known.at + SAY_EVERY_MS) {
      known.unsaid += 1;
      return undefined;
    }
    this.said.delete(key);
    this.said.set(key, { at: now, unsaid: 0 });
    if (this.said.size > MOST_KEPT) this.said.delete(this.said.keys().next().value ?? '');
    return known?.unsaid ?? 0;
  }
}
