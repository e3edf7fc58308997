export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';
export type Tags = Readonly<Record<string, unknown>>;

/** What a threshold may ask of each kind of metric, as in k6. */
const AGGREGATIONS: Record<MetricKind, RegExp> = {
  counter: /^(count|rate)$/,
  gauge: /^value$/,
  rate: /^rate$/,
  trend: /^(avg|min|med|max|count|p\(\d+(\.\d+)?\))$/,
};

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '===': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

const THRESHOLD = /^\s*(\S+?)\s*(<=|>=|===|==|!=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/;

/** One metric, or the part of one whose samples carry certain tags. */
export class Metric {
  private readonly samples: number[] = [];
  private readonly parts: { tags: Tags; metric: Metric }[] = [];

  constructor(
    readonly name: string,
    readonly kind: MetricKind,
    private readonly elapsedSeconds: () => number,
  ) {}

  /** @throws Error for what is no number: k6 drops it with a warning, and the run would count too little */
  add(value: number | boolean, tags: Tags = {}): void {
    const sample = Number(value);
    if (!Number.isFinite(sample)) throw new Error(`${this.name} got ${String(value)}, which is no number`);
    this.samples.push(sample);
    for (const part of this.parts) {
      if (Object.entries(part.tags).every(([name, wanted]) => String(tags[name]) === wanted)) part.metric.add(value);
    }
  }

  get hasSamples(): boolean {
    return this.samples.length > 0;
  }

  /** The part whose samples have all these tags. */
  part(name: string, tags: Tags): Metric {
    const metric = new Metric(name, this.kind, this.elapsedSeconds);
    this.parts.push({ tags, metric });
    return metric;
  }

  /** One figure: `count`, `rate`, `value`, `avg`, `min`, `med`, `max` or `p(N)`; undefined when nothing was measured. */
  figure(aggregation: string): number | undefined {
    const { samples } = this;
    const total = samples.reduce((sum, sample) => sum + sample, 0);
    if (this.kind === 'counter') return aggregation === 'count' ? total : total / this.elapsedSeconds();
    if (samples.length === 0) return undefined;
    if (this.kind === 'gauge') return samples.at(-1);
    if (this.kind === 'rate') return samples.filter(Boolean).length / samples.length;
    switch (aggregation) {
      case 'count':
        return samples.length;
      case 'avg':
        return total / samples.length;
      case 'min':
        return percentile(samples, 0);
      case 'med':
        return percentile(samples, 50);
      case 'max':
        return percentile(samples, 100);
      default:
        return percentile(samples, Number(aggregation.slice(2, -1)));
    }
  }
}

/** Between two samples it is interpolated, as k6 does. @param percent 0–100 */
function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const [below = NaN, above = NaN] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** A limit of one metric, such as `p(95)<200`. */
export interface Threshold {
  metric: Metric;
  text: string;
  /** Like k6, what was never measured breaks no limit; a script that wants samples says so by a count. */
  isCrossed(): boolean;
}

/** All metrics of a run; the virtual users share them by name. */
export class Metrics {
  private readonly metrics = new Map<string, Metric>();
  private readonly startedAt = performance.now();

  /** @throws Error when the name is another kind's already */
  metric(name: string, kind: MetricKind): Metric {
    const known = this.metrics.get(name);
    if (known && known.kind !== kind) throw new Error(`${name} is a ${known.kind} already, not a ${kind}`);
    const metric = known ?? new Metric(name, kind, () => (performance.now() - this.startedAt) / 1_000);
    this.metrics.set(name, metric);
    return metric;
  }

  /** @throws Error for a threshold of a metric that the script does not have, or that makes no sense */
  thresholds(limits: Record<string, unknown>): Threshold[] {
    return Object.entries(limits).flatMap(([name, texts]) => {
      if (!Array.isArray(texts)) throw new Error(`the thresholds of ${name} must be a list`);
      const metric = this.find(name);
      return texts.map((text: unknown) => readThreshold(metric, text));
    });
  }

  all(): Metric[] {
    return [...this.metrics.values()];
  }

  /** `name`, or `name{tag:value,…}`: the samples that carry these tags. */
  private find(name: string): Metric {
    const [, base = name, tagText] = /^([^{]+)\{(.*)\}$/.exec(name) ?? [];
    const metric = this.metrics.get(base);
    if (!metric) throw new Error(`a threshold names the metric ${base}, which the script does not have`);
    if (tagText === undefined) return metric;
    const tags = tagText.split(',').map((tag) => tag.split(':').map((part) => part.trim()));
    const part = metric.part(name, Object.fromEntries(tags) as Tags);
    this.metrics.set(name, part);
    return part;
  }
}

function readThreshold(metric: Metric, text: unknown): Threshold {
  const [, aggregation = '', comparison = '', limit = ''] = THRESHOLD.exec(String(text)) ?? [];
  const compare = COMPARISONS[comparison];
  if (typeof text !== 'string' || !compare || !AGGREGATIONS[metric.kind].test(aggregation)) {
    throw new Error(`${JSON.stringify(text)} is no threshold of the ${metric.kind} ${metric.name}`);
  }
  const isCrossed = (): boolean => {
    const figure = metric.figure(aggregation);
    return metric.hasSamples && figure !== undefined && !compare(figure, Number(limit));
  };
  return { metric, text, isCrossed };
}
