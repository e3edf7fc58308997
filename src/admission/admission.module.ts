import { Module, OnApplicationShutdown } from '@nestjs/common';
import { AdmissionController } from './admission.controller';
import { AdmissionEntity } from './admission.entity';
import { AdmissionLoop } from './admission-loop';
import { AdmissionService } from './admission.service';
import { AdmissionTokenSigner } from './admission-token';
import { Outflow } from './outflow';

export const ADMISSION_ENTITIES = [AdmissionEntity];

/** Who goes in next, and the proof of it. */
@Module({
  controllers: [AdmissionController],
  providers: [AdmissionTokenSigner, AdmissionService, Outflow, AdmissionLoop],
  exports: [AdmissionService, Outflow],
})
export class AdmissionModule implements OnApplicationShutdown {
  constructor(private readonly loop: AdmissionLoop) {}

  onApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
