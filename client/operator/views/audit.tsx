import { useState } from 'preact/hooks';
import type { AuditEntry } from '../../../src/contract/operate/console';
import { asSunbeonError, type SunbeonError } from '../../sdk';
import { useConsole } from '../console-context';
import { AuditList } from '../parts/audit-list';
import { ErrorNote, useAsked, ViewTitle } from '../parts/bits';

/** Everything that operators did, page by page. */
export function AuditView() {
  const { api, texts, feed } = useConsole();
  const versions = [...(feed.state?.rooms.values() ?? [])].map(({ id, version }) => `${id}${version}`).join();
  const first = useAsked(() => api.audit({}), [versions]);
  const [older, setOlder] = useState<{ entries: AuditEntry[]; next: number | null } | undefined>(undefined);
  const [error, setError] = useState<SunbeonError | undefined>(undefined);
  const next = older ? older.next : (first.found?.next ?? null);
  const more = async () => {
    if (next === null) return;
    try {
      const page = await api.audit({ before: next });
      setOlder({ entries: [...(older?.entries ?? []), ...page.entries], next: page.next });
      setError(undefined);
    } catch (thrown) {
      setError(asSunbeonError(thrown));
    }
  };
  // What is new has moved the first page on: what stands in both is shown once.
  const known = new Set(first.found?.entries.map(({ id }) => id));
  const entries = [...(first.found?.entries ?? []), ...(older?.entries ?? []).filter(({ id }) => !known.has(id))];
  return (
    <>
      <div class="view-head">
        <div>
          <ViewTitle title={texts.audit.title}>{texts.audit.title}</ViewTitle>
          <p class="lead">{texts.audit.lead}</p>
        </div>
      </div>
      <ErrorNote error={first.error ?? error} />
      {!first.found && !first.error && <p class="loading">{texts.common.loading}</p>}
      {first.found && entries.length === 0 && <p class="empty">{texts.audit.none}</p>}
      <div class={entries.length > 0 ? 'panel' : undefined}>
        <AuditList entries={entries} rooms={feed.state?.rooms ?? new Map()} onUndone={first.again} />
      </div>
      {next !== null && (
        <button type="button" class="button more" onClick={() => void more()}>
          {texts.common.more}
        </button>
      )}
    </>
  );
}
