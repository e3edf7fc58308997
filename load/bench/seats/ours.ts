import { AdmissionService } from '../../../src/admission/admission.service';
import type { AdmissionTokenSigner } from '../../../src/admission/admission-token';
import type { Database } from '../../../src/database/database';
import type { LineService } from '../../../src/line/line.service';
import { AdmissionCheck } from '../../../src/registration/admission-ports';
import { commit, makeLedger } from '../../../test/integration/registration/support';
import type { SeatSide } from './contest';
import { HOT_SECTION } from './stage';

/** The seat ledger of the product, with the product's own check of admissions. */
export function ours(database: Database): SeatSide {
  // Whether an admission lives is read from its row; neither the line nor tokens have a part in that.
  const admissions = new AdmissionService({} as LineService, database, {} as AdmissionTokenSigner);
  const check: AdmissionCheck = { liveAdmissions: (manager, claims) => admissions.lives(manager, claims) };
  const ledger = makeLedger(database, { admissions: check });
  return {
    name: 'ledger',
    take: async ({ studentId, admission, key }) => {
      const [outcome] = await ledger.submit(commit(studentId, [HOT_SECTION], { admission, idempotencyKey: key }));
      return outcome?.outcome === 'enrolled';
    },
    close: () => ledger.close(),
  };
}
