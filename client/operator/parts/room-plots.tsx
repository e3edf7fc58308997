import type { RoomReport } from '../../../src/contract/operate/rooms';
import { SAMPLE_SECONDS } from '../sample';
import { useConsole } from '../console-context';
import type { FeedState } from '../feed-state';
import { Plot } from './plot';

const NONE: readonly number[] = [];

const perSecond = (counts: readonly number[]): number[] => counts.map((count) => count / SAMPLE_SECONDS);

/** The sample that is under way counts too little yet, and would look like a fall at the right edge. */
const complete = (at: readonly number[], toldAt: number): number =>
  at.filter((began) => began + SAMPLE_SECONDS * 1_000 <= toldAt).length;

/** What happened in the last quarter of an hour. */
export function RoomPlots({ room, state }: { room: RoomReport; state: FeedState }) {
  const { texts } = useConsole();
  const words = texts.plots;
  const { service, toldAt } = state;
  const history = state.lines[room.id];
  const many = complete(history?.at ?? NONE, toldAt);
  const cut = (values: readonly number[] | undefined): number[] => (values ?? NONE).slice(0, many);
  const of = (values: readonly number[]): number[] => values.slice(0, complete(service.at, toldAt));
  const refused = of(service.at).map((_, index) =>
    Object.values(service.refused).reduce((total, counts) => total + (counts[index] ?? 0), 0),
  );
  const at = cut(history?.at);
  return (
    <section class="plots" aria-label={texts.room.history}>
      <Plot
        title={words.line}
        at={at}
        now={toldAt}
        series={[{ label: words.waiting, tone: 'one', values: cut(history?.waiting), filled: true }]}
      />
      <Plot
        title={words.flow}
        unit={words.flowUnit}
        at={at}
        now={toldAt}
        series={[
          { label: words.arrivals, tone: 'two', values: perSecond(cut(history?.joined)) },
          { label: words.admissions, tone: 'one', values: perSecond(cut(history?.admitted)) },
          { label: words.policy, tone: 'policy', values: cut(history?.rate) },
        ]}
      />
      <Plot
        title={words.inside}
        at={at}
        now={toldAt}
        series={[
          { label: words.inside, tone: 'one', values: cut(history?.inside), filled: true },
          { label: words.capacity, tone: 'policy', values: cut(history?.capacity) },
        ]}
      />
      <Plot
        title={words.seats}
        unit={words.seatsUnit}
        at={of(service.at)}
        now={toldAt}
        series={[
          { label: words.given, tone: 'one', values: perSecond(of(service.enrolled)) },
          { label: words.refused, tone: 'bad', values: perSecond(refused) },
        ]}
      />
      <Plot
        title={words.commit}
        unit={words.commitUnit}
        at={of(service.at)}
        now={toldAt}
        series={[
          { label: words.p50, tone: 'one', values: of(service.commitP50Ms) },
          { label: words.p99, tone: 'two', values: of(service.commitP99Ms) },
        ]}
      />
      <Plot
        title={words.sockets}
        at={of(service.at)}
        now={toldAt}
        series={[{ label: words.connected, tone: 'one', values: of(service.sockets), filled: true }]}
      />
      <Refusals service={service} />
    </section>
  );
}

/** Of the last quarter of an hour, by code, the most frequent first. */
function Refusals({ service }: { service: FeedState['service'] }) {
  const { texts } = useConsole();
  const totals = Object.entries(service.refused)
    .map(([code, counts]): [string, number] => [code, counts.reduce((total, count) => total + count, 0)])
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one);
  if (totals.length === 0) return null;
  return (
    <dl class="refusals" aria-label={texts.plots.refused}>
      {totals.map(([code, count]) => (
        <div key={code}>
          <dt>
            <code>{code}</code>
          </dt>
          <dd>{texts.number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
