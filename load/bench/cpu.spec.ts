import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CpuOfOthers, cpuMsOf, descendantsOf, ownCpuMs } from './cpu';

/** Works until it has used so much CPU time, ms, says so, and stays. */
const worker = (ms: number): ChildProcess =>
  spawn(
    process.execPath,
    ['-e', `while (process.cpuUsage().user < ${ms} * 1000); console.log('done'); setInterval(() => {}, 1e6)`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );

describe('CPU time', () => {
  const children: ChildProcess[] = [];
  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  it('of a process that was started here is its own, and none of the others’', async () => {
    const others = new CpuOfOthers();
    const child = worker(300);
    children.push(child);
    if (child.stdout) await once(child.stdout, 'data');
    expect(descendantsOf(process.pid)).toContain(child.pid);
    expect(cpuMsOf(child.pid ?? 0)).toBeGreaterThanOrEqual(200);
    expect(others.share()).toBeGreaterThanOrEqual(0);
    expect(ownCpuMs()).toBeGreaterThan(0);
  });

  it('of a process that has ended is not taken for none', async () => {
    const child = worker(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => cpuMsOf(child.pid ?? 0)).toThrow('has ended');
  });
});
