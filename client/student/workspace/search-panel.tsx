import { usePage } from '../page-context';
import { Loading } from '../parts/loading';
import { errorText } from '../text/error-text';
import { SectionRow } from './section-row';
import { type Search, useDepartments } from './use-search';

interface SearchPanelProps {
  termId: string;
  search: Search;
}

function SearchForm({ termId, search }: SearchPanelProps) {
  const { texts } = usePage();
  const departments = useDepartments(termId);
  const { query, change } = search;
  return (
    <form class="search-form" role="search" onSubmit={(event) => event.preventDefault()}>
      <label class="field field-query">
        <span>{texts.search.query}</span>
        <input
          type="search"
          name="query"
          value={query.query ?? ''}
          maxLength={100}
          autocomplete="off"
          onInput={(event) => change({ ...query, query: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>{texts.search.department}</span>
        <select
          name="department"
          value={query.department ?? ''}
          onChange={(event) => change({ ...query, department: event.currentTarget.value })}
        >
          <option value="">{texts.search.allDepartments}</option>
          {departments.map((department) => (
            <option key={department} value={department}>
              {department}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          name="openOnly"
          checked={query.openOnly ?? false}
          onChange={(event) => change({ ...query, openOnly: event.currentTarget.checked })}
        />
        <span>{texts.search.openOnly}</span>
      </label>
    </form>
  );
}

export function SearchPanel({ termId, search }: SearchPanelProps) {
  const { client, texts } = usePage();
  const { sections, total, loading, loadedOnce, error, more } = search;
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
