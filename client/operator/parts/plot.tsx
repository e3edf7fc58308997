import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useConsole } from '../console-context';
import { shownSince } from '../sample';

export interface Series {
  label: string;
  /** Which of the colours of plots; `policy` is drawn as a dashed line. */
  tone: 'one' | 'two' | 'policy' | 'bad';
  values: readonly number[];
  filled?: boolean;
}

interface PlotProps {
  title: string;
  unit?: string;
  /** ms since the Unix epoch. */
  at: readonly number[];
  series: readonly Series[];
  /** By the server's clock, ms: the right edge. */
  now: number;
}

const HEIGHT_PX = 168;
/** Between two times on the axis, s: they are said in minutes. */
const MINUTES = [1, 2, 3, 5].map((minutes) => minutes * 60);

const toneOf = (element: Element, tone: Series['tone'] | 'ink' | 'grid'): string =>
  getComputedStyle(element).getPropertyValue(`--plot-${tone}`).trim();

function optionsFor(
  element: HTMLElement,
  { series, locale }: { series: readonly Series[]; locale: string },
): UPlot.Options {
  const ink = toneOf(element, 'ink');
  const grid = { stroke: toneOf(element, 'grid'), width: 1 };
  const font = '11px system-ui, sans-serif';
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, notation: 'compact' });
  const axis = { stroke: ink, font, grid, ticks: { show: false } };
  return {
    width: element.clientWidth || 300,
    height: HEIGHT_PX,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      {
        ...axis,
        size: 24,
        space: 64,
        incrs: MINUTES,
        values: (_plot, splits) => splits.map((at) => time.format(at * 1_000)),
      },
      { ...axis, size: 40, space: 36, values: (_plot, splits) => splits.map((value) => number.format(value)) },
    ],
    series: [
      {},
      ...series.map(({ label, tone, filled }) => ({
        label,
        stroke: toneOf(element, tone),
        width: tone === 'policy' ? 1.25 : 2,
        dash: tone === 'policy' ? [5, 4] : undefined,
        fill: filled ? `${toneOf(element, tone)}22` : undefined,
        points: { show: false },
      })),
    ],
  };
}

/** Figures over the last quarter of an hour, in the colours of the page; said in words, too. */
export function Plot({ title, unit, at, series, now }: PlotProps) {
  const { texts, language } = useConsole();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const titleId = useId();
  const shape = series.map(({ label }) => label).join();
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new UPlot(optionsFor(element, { series, locale: language }), [[]], element);
      fill(plot.current, at, series, now);
    };
    draw();
    const size = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    size.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      dark.removeEventListener('change', draw);
      size.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, language]);
  useEffect(() => {
    if (plot.current) fill(plot.current, at, series, now);
  }, [at, now]);
  const last = (values: readonly number[]): number => values[values.length - 1] ?? 0;
  const latest = series.map(({ label, values }) => `${label} ${texts.decimal(last(values))}`).join(', ');
  return (
    <figure class="plot" aria-labelledby={titleId}>
      <figcaption>
        <span class="plot-title" id={titleId}>
          {title}
          {unit && <span class="plot-unit"> {unit}</span>}
        </span>
        <span class="plot-legend">
          {series.map(({ label, tone, values }) => (
            <span key={label} class="plot-key" data-tone={tone}>
              {label} <b>{texts.decimal(last(values))}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={frame} class="plot-frame" role="img" aria-label={texts.plots.table(title, latest)} />
    </figure>
  );
}

function fill(plot: UPlot, at: readonly number[], series: readonly Series[], now: number): void {
  const seconds = at.map((ms) => ms / 1_000);
  plot.setData([seconds, ...series.map(({ values }) => [...values])], false);
  plot.batch(() => {
    plot.setScale('x', { min: shownSince(at, now) / 1_000, max: now / 1_000 });
    const most = Math.max(0, ...series.flatMap(({ values }) => values));
    plot.setScale('y', { min: 0, max: Math.max(1, most) });
  });
}
