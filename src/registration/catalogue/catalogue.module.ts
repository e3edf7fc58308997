import { Module } from '@nestjs/common';
import { EnrolmentEvents } from '../ports';
import { CatalogueController } from './catalogue.controller';
import { CatalogueService } from './catalogue.service';
import { TermWindows } from './term-windows';

const PARTS = [EnrolmentEvents, CatalogueService, TermWindows];

/** The terms and their sections, on the database alone: lower floors ask it by ports of theirs. */
@Module({ controllers: [CatalogueController], providers: PARTS, exports: PARTS })
export class CatalogueModule {}
