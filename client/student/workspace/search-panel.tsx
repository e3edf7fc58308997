import { usePage } from '../page-context';
import { Loading } from '../parts/loading';
import { errorText } from '../text/error-text';
import { hasFilters, SearchForm, withoutFilters } from './search-form';
import { SectionRow } from './section-row';
import type { Search } from './use-search';

interface SearchPanelProps {
  termId: string;
  search: Search;
}

export function SearchPanel({ termId, search }: SearchPanelProps) {
  const { client, texts } = usePage();
  const { wishes, change, sections, total, loading, loadedOnce, error, more } = search;
  return (
    <section class="panel panel-search" data-panel="search" aria-labelledby="search-title">
      <h2 id="search-title">{texts.search.title}</h2>
      <SearchForm termId={termId} search={search} />
      <p class="found" role="status">
        {loadedOnce && texts.search.found(total)}
      </p>
      {error && (
        <p class="message message-bad" role="alert">
          {errorText(texts, error, client.clock.now())}
        </p>
      )}
      {!loadedOnce && loading && <Loading text={texts.common.loading} />}
      {loadedOnce && total === 0 && (
        <div class="empty">
          <p>{texts.search.nothing}</p>
          <p class="hint">{texts.search.nothingHelp}</p>
          {hasFilters(wishes) && (
            <button type="button" class="button button-small" onClick={() => change(withoutFilters(wishes))}>
              {texts.search.clear}
            </button>
          )}
        </div>
      )}
      <ul class="section-list" aria-busy={loading}>
        {sections.map((section) => (
          <SectionRow key={section.id} section={section} />
        ))}
      </ul>
      {more && (
        <button type="button" class="button button-wide" onClick={more}>
          {texts.search.more}
        </button>
      )}
    </section>
  );
}
