import { AdmissionService } from '../../../src/admission/admission.service';
import type { AdmissionTokenSigner } from '../../../src/admission/admission-token';
import type { Database } from '../../../src/database/database';
import { Roster } from '../../../src/identity/roster';
import type { LineService } from '../../../src/line/line.service';
import { AdmissionCheck, EnrolmentEvents } from '../../../src/registration/ports';
import { makeSeatLedger } from '../../../src/registration/ledger/make-ledger';
import { OutboxTable } from '../../../src/notice/outbox';
import type { SeatSide } from './contest';
import { hotCommit } from './stage';

/** The seat ledger as the service makes it, with the service's own check of admissions and its outbox. */
export function ours(database: Database): SeatSide {
  // Whether an admission lives is read from its row; neither the line nor tokens have a part in that.
  const admissions = new AdmissionService({} as LineService, database, {} as AdmissionTokenSigner);
  const check: AdmissionCheck = { liveAdmissions: (manager, claims, now) => admissions.lives(manager, claims, now) };
  const ledger = makeSeatLedger({
    database,
    admissions: check,
    outbox: new OutboxTable(),
    events: new EnrolmentEvents(),
    roster: new Roster(),
    timeZone: 'Asia/Seoul',
  });
  return {
    name: 'ledger',
    take: async (seeker) => {
      const [outcome] = await ledger.submit(hotCommit(seeker));
      return outcome?.outcome === 'enrolled';
    },
    close: () => ledger.close(),
  };
}
