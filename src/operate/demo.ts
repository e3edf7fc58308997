import { Inject, Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { createRoomSchema } from '../contract/operate/rooms';
import { Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { ensureDemoTerm } from '../registration/catalogue/import/demo-term';
import { TermEntity } from '../registration/entities/term.entity';
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
    if (await this.isArchived()) return;
    await ensureDemoTerm(this.database);
    // Also one that was put away: whoever did that wants no other.
    if (this.rooms.list().length > 0 || (await this.rooms.archived()).length > 0) return;
    await this.rooms.create(
      createRoomSchema.parse({ id: 'fall-2025', termId: DEMO_TERM, name: 'Fall 2025', opensAt: Date.now() }),
      'system',
    );
  }

  private isArchived(): Promise<boolean> {
    return this.database.read((manager) => manager.existsBy(TermEntity, { id: DEMO_TERM, archivedAt: MoreThan(0) }));
  }
}
