import { LogRepeats } from './log-repeats';

describe('a trouble that goes on', () => {
  const fields = { code: 'line_retrying', room: 'r1', reason: 'connect ECONNREFUSED 127.0.0.1:6379' };
  let repeats: LogRepeats;

  beforeEach(() => {
    repeats = new LogRepeats();
  });

  it('is a line a minute, with how many were not written', () => {
    const said = Array.from({ length: 3_600 }, (_, second) => repeats.unsaid(fields, second * 1_000));
    expect(said.filter((unsaid) => unsaid !== undefined)).toEqual([0, ...Array<number>(59).fill(59)]);
  });

  it('is another one in another room, or for another reason', () => {
    repeats.unsaid(fields, 0);
    expect(repeats.unsaid({ ...fields, room: 'r2' }, 1)).toBe(0);
    expect(repeats.unsaid({ ...fields, reason: 'LOADING' }, 1)).toBe(0);
    expect(repeats.unsaid({ ...fields, reason: 'connect ECONNREFUSED 127.0.0.1:6380' }, 1)).toBeUndefined();
    expect(repeats.unsaid({ ...fields, ms: 12, requestIds: ['a'] }, 1)).toBe(0);
    expect(repeats.unsaid({ ...fields, ms: 99, requestIds: ['b'] }, 1)).toBeUndefined();
  });

  it('is not another trouble that happens to have the same code', () => {
    const warnings = ['AUTH_JWKS_URL is http', 'ROSTER_FLE: did you mean ROSTER_FILE?'];
    expect(warnings.map((warning) => repeats.unsaid({ code: 'config_warning', warning }, 0))).toEqual([0, 0]);
    expect(['a', 'b'].map((silentPod) => repeats.unsaid({ code: 'pod_silent', room: 'r', silentPod }, 0))).toEqual([
      0, 0,
    ]);
  });
});
