import { Controller, Header } from '@nestjs/common';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import {
  catalogueCalls,
  type SearchChoices,
  type SectionPage,
  type Term,
  type Section,
} from '../../contract/catalogue';
import { IsSignedIn } from '../../identity/student.guard';
import { dayNumber, minuteOf } from '../../contract/week-time';
import { hundredths } from '../seats/rules';
import { CatalogueSearch } from './catalogue-search';
import { CatalogueService } from './catalogue.service';

/** For everybody the same: a browser may keep it, and asks by its ETag whether it still holds. */
const KeptAndAsked = (): MethodDecorator => Header('Cache-Control', 'no-cache');

/** The catalogue is public: it needs no sign-in. */
@Controller()
export class CatalogueController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly catalogueSearch: CatalogueSearch,
  ) {}

  @Serves(catalogueCalls.terms)
  async terms(@IsSignedIn() signedIn: boolean): Promise<{ terms: Term[] }> {
    return { terms: await this.catalogue.terms(signedIn) };
  }

  @Serves(catalogueCalls.departments)
  @KeptAndAsked()
  departments(
    @Asked() { path: { termId } }: AskedOf<typeof catalogueCalls.departments>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<SearchChoices> {
    return this.catalogueSearch.choices(termId, signedIn);
  }

  @Serves(catalogueCalls.searchSections)
  @KeptAndAsked()
  search(
    @Asked() { path: { termId }, query }: AskedOf<typeof catalogueCalls.searchSections>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<SectionPage> {
    const { day, from, until, credits, ...search } = query;
    const read = {
      day: day && dayNumber(day),
      from: from === undefined ? undefined : minuteOf(from),
      until: until === undefined ? undefined : minuteOf(until),
      creditsHundredths: credits === undefined ? undefined : hundredths(credits),
    };
    return this.catalogueSearch.search(termId, { ...search, ...read }, signedIn);
  }

  @Serves(catalogueCalls.section)
  section(
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof catalogueCalls.section>,
    @IsSignedIn() signedIn: boolean,
  ): Promise<Section> {
    return this.catalogue.section(termId, id, signedIn);
  }
}
