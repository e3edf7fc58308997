import { Module, OnApplicationShutdown } from '@nestjs/common';
import { LineService } from './line.service';
import { TicketSigner } from './ticket-signer';

/** The line. Ports: `LINE_STORE` (the engine), `EpochProvider` (who brings a line back), `JoinWindows`. */
@Module({ providers: [TicketSigner, LineService], exports: [LineService] })
export class LineModule implements OnApplicationShutdown {
  constructor(private readonly lines: LineService) {}

  onApplicationShutdown(): Promise<void> {
    return this.lines.stop();
  }
}
