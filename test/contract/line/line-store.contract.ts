import { admissionContract } from './admission.contract';
import { Engine } from './engine';
import { feedContract } from './feed.contract';
import { lotteryContract } from './lottery.contract';
import { presenceContract } from './presence.contract';
import { recoveryContract } from './recovery.contract';
import { stateContract } from './states.contract';
import { ticketContract } from './tickets.contract';

/** Every guarantee of the line's port, for one engine. */
export function lineStoreContract(engine: Engine): void {
  describe(`line store: ${engine.name}`, () => {
    beforeAll(() => engine.start());
    afterAll(() => engine.stop());
    ticketContract(engine);
    presenceContract(engine);
    admissionContract(engine);
    stateContract(engine);
    feedContract(engine);
    recoveryContract(engine);
    lotteryContract(engine);
  });
}
