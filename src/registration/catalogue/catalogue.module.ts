import { Module } from '@nestjs/common';
import { EnrolmentEvents } from '../ports';
import { CatalogueController } from './catalogue.controller';
import { CatalogueSearch } from './catalogue-search';
import { CatalogueService } from './catalogue.service';
import { TermWatch } from './term-watch';

const PARTS = [EnrolmentEvents, CatalogueService, TermWatch, CatalogueSearch];

/** The terms and their sections, on the database alone: lower floors ask it by ports of theirs. */
@Module({ controllers: [CatalogueController], providers: PARTS, exports: PARTS })
export class CatalogueModule {}
