import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, startCluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import type { Pod } from '../../../load/servers/pod';
import { signInSso, StudentTab } from '../../support/student';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';

describe('a roster that is read again by one of two pods', () => {
  const directory = temporaryDirectory('roster');
  const file = join(directory.path, 'roster.csv');
  const tabs: StudentTab[] = [];
  let cluster: Cluster;

  const write = (...lines: string[]): void => writeFileSync(file, ['student_id,hold', ...lines].join('\n'));

  beforeAll(async () => {
    write('kept,', 'held,', 'removed,');
    cluster = await startCluster({ pods: 2, env: { ROSTER_FILE: file } });
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await cluster.stop();
    directory.remove();
  });

  async function tab(studentId: string, pod: number): Promise<StudentTab> {
    const { url } = cluster.pods[pod] as Pod;
    const { token } = await signInSso(cluster, studentId, url);
    const opened = new StudentTab(url, token);
    tabs.push(opened);
    await opened.connected();
    return opened;
  }

  it('takes place and admission from whoever is held or no longer on it, on both, and lets them in nowhere', async () => {
    const operator = new OperatorClient(cluster.pods[0]?.url ?? '', cluster.operatorToken);
    await operator.createRoom('room', { capacity: 1 });
    const removed = await tab('removed', 1);
    await waitFor(() => removed.join('room'), { what: 'the room' });
    await removed.admitted();
    const [held, kept] = [await tab('held', 1), await tab('kept', 0)];
    await held.join('room');
    await kept.join('room');
    write('kept,', 'held,Library fines');
    (cluster.pods[0] as Pod).signal('SIGHUP');
    await kept.admitted();
    await waitFor(() => held.left.length + removed.left.length === 2, { what: 'the two to be told' });
    expect([held.left[0]?.reason, removed.left[0]?.reason]).toEqual(['removed', 'removed']);
    expect(kept.left).toEqual([]);
    for (const pod of [0, 1]) {
      const again = pod === 1 ? held : await tab('held', pod);
      await expect(again.join('room')).rejects.toMatchObject({
        error: { code: 'on_hold', details: { reason: 'Library fines' } },
      });
    }
    await expect(removed.join('room')).rejects.toThrow('not_on_roster');
  });
});
