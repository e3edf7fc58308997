import type { Mail } from '../../sdk';
import { usePage } from '../page-context';
import { Loading } from '../parts/loading';
import { Modal } from '../parts/modal';
import { useRead } from '../parts/use-read';
import { errorText } from '../text/error-text';
import { formatTime } from '../text/language';

function MailRow({ mail }: { mail: Mail }) {
  const { client, texts } = usePage();
  return (
    <li class="mail" data-state={mail.state}>
      <details>
        <summary>
          <span class="mail-subject">{mail.subject}</span>
          <span class="mail-facts">
            <span>{formatTime(texts, mail.sentAt ?? mail.createdAt, client.clock.now())}</span>
            <span class="badge">{texts.mails.states[mail.state]}</span>
          </span>
        </summary>
        <p class="mail-text">{mail.text}</p>
      </details>
    </li>
  );
}

/** What the service has written to the student, also where no mail server sends it. */
export function MailsDialog({ onClose }: { onClose: () => void }) {
  const { client, state, texts } = usePage();
  const { found: mails, error } = useRead(() => client.api.mails(), [client, state.enrolmentChanges]);
  return (
    <Modal title={texts.mails.title} onClose={onClose}>
      <div role="alert">
        {error && <p class="message message-bad">{errorText(texts, error, client.clock.now())}</p>}
      </div>
      {!mails && !error && <Loading text={texts.common.loading} />}
      {mails?.length === 0 && (
        <div class="empty">
          <p>{texts.mails.empty}</p>
          <p class="hint">{texts.mails.emptyHelp}</p>
        </div>
      )}
      {mails && mails.length > 0 && (
        <ul class="mail-list">
          {mails.map((mail) => (
            <MailRow key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
    </Modal>
  );
}
