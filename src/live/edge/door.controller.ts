import { Controller } from '@nestjs/common';
import { Serves } from '../../common/serves';
import { roomCalls } from '../../contract/rooms';
import { Door } from './door';

/** For a client whose socket was refused: the cheapest answer there is. */
@Controller()
export class DoorController {
  constructor(private readonly door: Door) {}

  @Serves(roomCalls.door)
  read(): { retryInMs: number } {
    return { retryInMs: this.door.retryInMs() };
  }
}
