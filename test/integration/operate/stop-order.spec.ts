import { type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AdmissionLoop } from '../../../src/admission/admission-loop';
import { AppModule } from '../../../src/app.module';
import { loadConfig } from '../../../src/config/load-config';
import { Database } from '../../../src/database/database';
import { LineService } from '../../../src/line/line.service';
import { EdgeHttpAdapter } from '../../../src/live/edge/http-adapter';
import { createSocketAdapter } from '../../../src/live/edge/socket-server';
import { PositionPusher } from '../../../src/live/push/position-pusher';
import { OutboxWorker } from '../../../src/notice/outbox-worker';
import { SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import { SeatSweep } from '../../../src/registration/ledger/seat-sweep';
import { RoomService } from '../../../src/room/room.service';
import { TrailWriter } from '../../../src/trail/trail-writer';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';

describe('the end of a server', () => {
  const directory = temporaryDirectory('stop-order');
  let app: INestApplicationContext;
  const stopped: string[] = [];

  /** Notes when the part is told to stop. */
  function watch<Part extends object>(
    type: Type<Part> | (abstract new (...args: never[]) => Part),
    end: keyof Part,
  ): void {
    const part = app.get<Record<string, () => unknown>>(type);
    const stop = (part[end as string] as () => unknown).bind(part);
    part[end as string] = () => {
      stopped.push(type.name);
      return stop();
    };
  }

  beforeAll(async () => {
    const config = loadConfig({ DATA_DIR: directory.path });
    const http = new EdgeHttpAdapter({ ...config.live, ...config.http });
    const server = await NestFactory.create<NestExpressApplication>(AppModule.register(config), http, {
      logger: false,
    });
    server.useWebSocketAdapter(createSocketAdapter(server, http));
    app = await server.listen(0, '127.0.0.1').then(() => server);
    watch(Database, 'close');
    watch(RoomService, 'stop');
    watch(LineService, 'stop');
    watch(TrailWriter, 'stop');
    watch(AdmissionLoop, 'stop');
    watch(OutboxWorker, 'stop');
    watch(SeatLedger, 'close');
    watch(SeatSweep, 'stop');
    watch(PositionPusher, 'stop');
    await app.close();
  });

  afterAll(() => directory.remove());

  const first = (one: Type | (abstract new (...args: never[]) => unknown), other: typeof one): void => {
    expect(stopped).toEqual(expect.arrayContaining([one.name, other.name]));
    expect(stopped.indexOf(one.name)).toBeLessThan(stopped.indexOf(other.name));
  };

  it('stops what gives work to the ledger before the ledger', () => {
    first(SeatSweep, SeatLedger);
    first(PositionPusher, SeatLedger);
  });

  it('stops whoever lets in before the trail is written to its end, and that before the line', () => {
    first(AdmissionLoop, TrailWriter);
    first(TrailWriter, LineService);
    first(LineService, RoomService);
  });

  it('closes the database last of all', () => {
    for (const part of [SeatLedger, OutboxWorker, TrailWriter, LineService, RoomService]) first(part, Database);
    expect(stopped.at(-1)).toBe(Database.name);
  });
});
