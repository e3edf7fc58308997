import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Door } from './door';

/** For a client whose socket was refused: the cheapest answer there is. */
@ApiTags('rooms')
@Controller('api/door')
export class DoorController {
  constructor(private readonly door: Door) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'When to try to connect again, ms from now; 0 = at once' })
  read(): { retryInMs: number } {
    return { retryInMs: this.door.retryInMs() };
  }
}
