import { useState } from 'preact/hooks';
import type { MailState, OutboxMail } from '../../../src/contract/mails';
import { asSunbeonError, type SunbeonError } from '../../sdk';
import { useConsole, useNow } from '../console-context';
import { momentText } from '../format';
import { ActDialog } from '../parts/act-dialog';
import { ErrorNote, Link, useAsked, ViewTitle } from '../parts/bits';
import { useSay } from '../parts/said';

const STATES: MailState[] = ['waiting', 'claimed', 'sent', 'parked'];

function MailRow({ mail }: { mail: OutboxMail }) {
  const { texts } = useConsole();
  const now = useNow();
  const kinds = mail.notices.map(({ kind, sectionId }) => `${texts.outbox.kinds[kind] ?? kind} ${sectionId}`);
  return (
    <li class="audit-entry" data-state={mail.state}>
      <time class="audit-time" dateTime={new Date(mail.createdAt).toISOString()}>
        {momentText(texts, mail.createdAt, now, { seconds: true })}
      </time>
      <div class="audit-what">
        <p>
          <Link to={{ view: 'students', studentId: mail.studentId }}>{texts.outbox.to(mail.studentId)}</Link>
        </p>
        <p class="audit-about">{kinds.join(' · ')}</p>
        {mail.lastError && <p class="audit-note">{mail.lastError}</p>}
      </div>
      <div class="mail-state">
        <span class="state" data-state={mail.state === 'parked' ? 'unavailable' : 'closed'}>
          {texts.outbox.states[mail.state]}
        </span>
        {mail.attempts > 1 && <span class="hint">{texts.outbox.attempts(mail.attempts)}</span>}
      </div>
    </li>
  );
}

function PutBack({ parked, onDone }: { parked: number; onDone: () => void }) {
  const { api, texts } = useConsole();
  const say = useSay();
  const [asking, setAsking] = useState(false);
  const act = async () => {
    say(texts.outbox.putBackSaid(await api.putBackMails()));
    onDone();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {texts.outbox.putBackAll}
      </button>
      {asking && (
        <ActDialog
          title={texts.outbox.putBackAll}
          effects={[texts.outbox.putBackEffect(parked)]}
          confirm={texts.outbox.putBack}
          onAct={act}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** What became of the mails. */
export function OutboxView() {
  const { api, texts, maySteer } = useConsole();
  const [state, setState] = useState<MailState | undefined>(undefined);
  const first = useAsked(() => api.outbox({ state }), [state]);
  const [older, setOlder] = useState<{ of?: MailState; mails: OutboxMail[]; next: number | null } | undefined>(
    undefined,
  );
  const [error, setError] = useState<SunbeonError | undefined>(undefined);
  const page = older?.of === state ? older : undefined;
  const next = page ? page.next : (first.found?.next ?? null);
  const more = async () => {
    if (next === null) return;
    try {
      const found = await api.outbox({ state, before: next });
      setOlder({ of: state, mails: [...(page?.mails ?? []), ...found.mails], next: found.next });
      setError(undefined);
    } catch (thrown) {
      setError(asSunbeonError(thrown));
    }
  };
  const mails = [...(first.found?.mails ?? []), ...(page?.mails ?? [])];
  const counts = first.found?.counts;
  return (
    <>
      <div class="view-head">
        <div>
          <ViewTitle title={texts.outbox.title}>{texts.outbox.title}</ViewTitle>
          <p class="lead">{texts.outbox.lead}</p>
        </div>
        {maySteer && (counts?.parked ?? 0) > 0 && <PutBack parked={counts?.parked ?? 0} onDone={first.again} />}
      </div>
      <div class="filter" role="group" aria-label={texts.outbox.title}>
        {[undefined, ...STATES].map((one) => (
          <button key={one ?? 'all'} type="button" aria-pressed={one === state} onClick={() => setState(one)}>
            {one ? texts.outbox.states[one] : texts.outbox.all}
            {one && counts ? ` ${texts.number(counts[one] ?? 0)}` : ''}
          </button>
        ))}
      </div>
      <ErrorNote error={first.error ?? error} />
      {!first.found && !first.error && <p class="loading">{texts.common.loading}</p>}
      {first.found && mails.length === 0 && <p class="empty">{texts.outbox.none}</p>}
      {mails.length > 0 && (
        <ol class="panel audit">
          {mails.map((mail) => (
            <MailRow key={mail.id} mail={mail} />
          ))}
        </ol>
      )}
      {next !== null && (
        <button type="button" class="button more" onClick={() => void more()}>
          {texts.common.more}
        </button>
      )}
    </>
  );
}
