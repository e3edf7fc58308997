/** How long what is said again and again is not said, ms. */
const SAY_EVERY_MS = 60_000;
/** Of how many different troubles the times are kept; beyond that, the oldest is forgotten. */
const MOST_KEPT = 500;

interface Said {
  at: number;
  unsaid: number;
}

/** What differs from one time to the next without being another trouble. */
const MEASURES = new Set(['ms', 'attempts', 'failed', 'unsaid', 'requestIds']);

/** So that a trouble of hours is a line a minute: of lines that say the same about the same, one is written. */
export class LogRepeats {
  private readonly said = new Map<string, Said>();

  /**
   * @param fields of the line: it is the same as another when all of them are, but for measures and for numbers in its reason
   * @param now by a monotonic clock, ms
   * @returns how many such lines were not written since the last that was; undefined when this one is not to be written
   */
  unsaid(fields: Readonly<Record<string, unknown>>, now: number): number | undefined {
    const key = JSON.stringify(
      Object.entries(fields).map(([name, value]) => (MEASURES.has(name) ? name : same(name, value))),
    );
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

/** A field as it is compared. */
function same(name: string, value: unknown): unknown {
  if (name !== 'reason' && name !== 'err') return [name, value];
  const text = value instanceof Error ? value.message : String(value);
  return [name, text.replace(/\d+/g, '0')];
}
