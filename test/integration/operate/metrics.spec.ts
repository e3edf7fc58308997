import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../../../src/contract/errors';
import type { SectionOutcome } from '../../../src/contract/seats';
import { type Cluster } from '../../../load/servers/cluster';
import { signInSso, StudentTab } from '../../support/student';
import { unpacked } from '../../../load/servers/unpacked';
import { waitFor } from '../../../load/support/wait-for';
import { openSections, startWithRoom } from '../edge/edge-cluster';
import { untilLive } from '../../support/demo-room';
import { RawSocket } from '../edge/raw-client';

describe('what /metrics says', () => {
  let cluster: Cluster;
  let roomId: string;
  let tab: StudentTab;

  beforeAll(async () => {
    ({ cluster, roomId } = await startWithRoom({ own: true, pods: 1 }, { ratePerSecond: 100, capacity: 100 }));
    await untilLive(cluster.pods, roomId);
    tab = new StudentTab(podUrl(), (await signInSso(cluster, 'one', podUrl())).token);
    await tab.connected();
  });
  afterAll(async () => {
    tab.close();
    await cluster.stop();
  });

  const podUrl = (): string => cluster.pods[0]?.url ?? '';

  async function scrape(): Promise<string> {
    const response = await fetch(`${podUrl()}/metrics`, {
      headers: { authorization: `Bearer ${cluster.metricsToken}` },
    });
    expect(response.status).toBe(200);
    return response.text();
  }

  /** The value of one time series; undefined when it is not there. */
  const valueOf = (text: string, series: string): number | undefined => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };

  it('counts the seat requests, their batches and the mails that follow from them', async () => {
    await tab.join(roomId);
    const { token: admission } = await tab.admitted();
    const [sectionId = ''] = await openSections(podUrl(), 1);
    const request = { termId: '20251', sectionIds: [sectionId], admission, idempotencyKey: 'once' };
    const reply: Reply = await tab.request('enrolment:commit', request);
    expect((reply as unknown as { results: SectionOutcome[] }).results).toMatchObject([{ outcome: 'enrolled' }]);
    const text = await waitFor(
      async () => {
        const read = await scrape();
        return valueOf(read, 'sunbeon_outbox_mails{state="waiting"}') === 1 && read;
      },
      { what: 'the mail to be counted' },
    );
    expect(valueOf(text, 'sunbeon_seat_requests_total')).toBe(1);
    expect(valueOf(text, 'sunbeon_seat_batches_total')).toBe(1);
    expect(valueOf(text, 'sunbeon_seat_requests_waiting')).toBe(0);
    expect(valueOf(text, 'sunbeon_seat_batch_duration_seconds_count{failed="false"}')).toBe(1);
    expect(valueOf(text, 'sunbeon_seat_batch_duration_seconds_count{failed="true"}')).toBe(0);
    expect(valueOf(text, 'sunbeon_outbox_available')).toBe(1);
    expect(valueOf(text, 'sunbeon_outbox_mails{state="parked"}')).toBe(0);
    expect(valueOf(text, 'sunbeon_outbox_oldest_waiting_seconds')).toBeGreaterThan(0);
  });

  it('counts the connections that were cut, by the reason', async () => {
    const raw = await RawSocket.connected(podUrl(), (await signInSso(cluster, 'flood', podUrl())).token);
    for (let frame = 0; frame < 2_000; frame += 1) raw.send('3');
    await raw.untilClosed();
    const text = await scrape();
    expect(valueOf(text, 'sunbeon_connections_cut_total{reason="flood"}')).toBe(1);
    expect(valueOf(text, 'sunbeon_connections_cut_total{reason="stalled"}')).toBe(0);
  });

  it('counts joins, admissions and refusals by code', async () => {
    await tab.request('line:leave', { roomId: 'no-such-room' });
    await fetch(`${podUrl()}/api/me`);
    await fetch(`${podUrl()}/api/operator/rooms`, { headers: { authorization: 'Bearer guessed-at-random' } });
    await RawSocket.connected(podUrl(), 'no sign-in').catch(() => undefined);
    const text = await waitFor(
      async () => {
        const read = await scrape();
        return (valueOf(read, 'sunbeon_handshakes_refused_total{code="not_signed_in"}') ?? 0) > 0 && read;
      },
      { what: 'the refused socket to be counted' },
    );
    expect(valueOf(text, `sunbeon_line_joins_total{room="${roomId}"}`)).toBe(1);
    expect(valueOf(text, `sunbeon_line_admissions_total{room="${roomId}"}`)).toBe(1);
    expect(valueOf(text, 'sunbeon_refusals_total{code="room_not_found"}')).toBe(1);
    expect(valueOf(text, 'sunbeon_refusals_total{code="not_signed_in"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'sunbeon_operator_tokens_refused_total{reason="wrong"}')).toBe(1);
  });

  it('is what the checker of Prometheus finds right', async () => {
    const { command, args } = unpacked('promtool');
    const { status, stdout, stderr } = spawnSync(command, [...args, 'check', 'metrics'], {
      input: await scrape(),
      encoding: 'utf8',
    });
    expect([status, stdout + stderr]).toEqual([0, '']);
  });

  it('has every one of our metrics in the list of deploy/README.md', async () => {
    const list = readFileSync(join(__dirname, '..', '..', '..', 'deploy', 'README.md'), 'utf8');
    const names = (await scrape()).match(/(?<=^# TYPE )sunbeon_\S+/gm) ?? [];
    const own = names.filter((name) => !/^sunbeon_(process|nodejs)_/.test(name));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((name) => !list.includes(`\`${name}\``))).toEqual([]);
  });

  it('is still said while the database is away, without what only the database knows', async () => {
    await cluster.database.kill();
    const text = await waitFor(
      async () => {
        const read = await scrape();
        return valueOf(read, 'sunbeon_outbox_available') === 0 && read;
      },
      { what: 'the outbox to be unknown' },
    );
    expect(valueOf(text, 'sunbeon_outbox_mails{state="waiting"}')).toBeUndefined();
    expect(valueOf(text, 'sunbeon_outbox_oldest_waiting_seconds')).toBeUndefined();
    expect(valueOf(text, 'sunbeon_seat_requests_total')).toBe(1);
    await cluster.database.restart();
    await waitFor(async () => valueOf(await scrape(), 'sunbeon_outbox_mails{state="waiting"}') === 1, {
      what: 'the outbox to be known again',
    });
  });
});
