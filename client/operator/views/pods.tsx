import { useConsole, useNow } from '../console-context';
import { durationText } from '../format';
import { Fact, ViewTitle } from '../parts/bits';

/** A pod whose event loop stands still for longer lets students wait, ms. */
const SLOW_MS = 250;

/** The processes that serve, as they spoke last. */
export function PodsView() {
  const { texts, feed } = useConsole();
  const now = useNow();
  const words = texts.pods;
  const pods = feed.state?.pods ?? [];
  return (
    <>
      <div class="view-head">
        <div>
          <ViewTitle title={words.title}>{words.title}</ViewTitle>
          <p class="lead">{words.lead}</p>
        </div>
      </div>
      {!feed.state && <p class="loading">{texts.common.loading}</p>}
      <ul class="pods">
        {pods.map((pod) => {
          const health = pod.draining ? 'draining' : pod.lagMs > SLOW_MS ? 'slow' : 'healthy';
          return (
            <li key={pod.podId} class="panel pod">
              <div class="card-head">
                <h2>
                  {words.pod} <code>{pod.podId.slice(0, 6)}</code>
                </h2>
                <span class="state" data-state={health === 'healthy' ? 'open' : 'paused'}>
                  {words[health]}
                </span>
              </div>
              <dl class="facts">
                <Fact label={words.version}>{pod.version}</Fact>
                <Fact label={words.up}>{durationText(now - pod.startedAt)}</Fact>
                <Fact label={words.sockets}>{texts.number(pod.sockets)}</Fact>
                <Fact label={words.lag}>{words.milliseconds(pod.lagMs)}</Fact>
                <Fact label={words.memory}>{words.megabytes(pod.memoryBytes)}</Fact>
                <Fact label={words.seats}>{texts.number(pod.seatRequestsWaiting)}</Fact>
              </dl>
            </li>
          );
        })}
      </ul>
    </>
  );
}
