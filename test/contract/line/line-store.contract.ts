import { Engine } from './engine';
import { ticketContract } from './tickets.contract';

/** Every guarantee of the line's port, for one engine. */
export function lineStoreContract(engine: Engine): void {
  describe(`line store: ${engine.name}`, () => {
    beforeAll(() => engine.start(), 60_000);
    afterAll(() => engine.stop(), 60_000);
    ticketContract(engine);
  });
}
