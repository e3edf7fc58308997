import { shownSince } from '../sample';

const WIDTH = 240;
const HEIGHT = 40;

/** How a figure went in the last quarter of an hour; the figure itself stands beside it in words. */
export function Sparkline({ at, values, now }: { at: readonly number[]; values: readonly number[]; now: number }) {
  const from = shownSince(at, now);
  const most = Math.max(1, ...values);
  const points = at.map((ms, index) => {
    const x = Math.max(0, ((ms - from) / (now - from)) * WIDTH);
    const y = HEIGHT - 2 - ((values[index] ?? 0) / most) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const first = points[0]?.split(',')[0] ?? '0';
  const last = points[points.length - 1]?.split(',')[0] ?? '0';
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {points.length > 1 && (
        <>
          <polygon class="spark-fill" points={`${first},${HEIGHT} ${points.join(' ')} ${last},${HEIGHT}`} />
          <polyline class="spark-line" points={points.join(' ')} vector-effect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
