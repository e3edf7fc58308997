import type { Database } from '../database/database';
import type { LineService } from '../line/line.service';
import type { AdmissionTokenSigner } from './admission-token';
import { AdmissionService } from './admission.service';

describe('an act of a student in a term', () => {
  it('is told to each line once, and to none that has ended, which forgets whom it had seen', () => {
    const line = { room: { id: 'fall', termId: '20251' }, hasEnded: false };
    const acknowledgeAny = jest.fn(() => Promise.resolve());
    const lines = { all: () => [line], acknowledgeAny } as unknown as LineService;
    const admissions = new AdmissionService(lines, {} as Database, {} as AdmissionTokenSigner);
    const toldAfter = (hasEnded: boolean): number => {
      line.hasEnded = hasEnded;
      admissions.noteAct('s1', '20251');
      return acknowledgeAny.mock.calls.length;
    };
    expect([false, false, true, false].map(toldAfter)).toEqual([1, 1, 1, 2]);
  });
});
