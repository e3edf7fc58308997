import { Inject, Injectable } from '@nestjs/common';
import { Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { ensureDemoTerm } from '../registration/catalogue/demo-term';
import { createRoomSchema } from '../room/room';
import { RoomService } from '../room/room.service';

const DEMO_TERM = '20251';

/** Embedded, a first start comes with a real term to enrol in and an open room in front of it. */
@Injectable()
export class Demo {
  constructor(
    private readonly database: Database,
    private readonly rooms: RoomService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async ensure(): Promise<void> {
    if (this.config.mode !== 'embedded') return;
    await ensureDemoTerm(this.database);
    if (this.rooms.list().length > 0) return;
    await this.rooms.create(
      createRoomSchema.parse({ id: 'fall-2025', termId: DEMO_TERM, name: 'Fall 2025', opensAt: Date.now() }),
      'system',
    );
  }
}
