import { Controller } from '@nestjs/common';
import { Serves } from '../../common/serves';
import { roomCalls } from '../../contract/rooms';
import { HandshakeGate } from './handshake-gate';

/** For a client whose socket was refused: the cheapest answer there is. */
@Controller()
export class HandshakeGateController {
  constructor(private readonly gate: HandshakeGate) {}

  @Serves(roomCalls.door)
  read(): { retryInMs: number } {
    return { retryInMs: this.gate.retryInMs() };
  }
}
