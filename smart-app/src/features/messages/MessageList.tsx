/**
 * The latest messages between the services; earlier ones are folded away.
 */
import { Badge } from '../../components/Badge.tsx';
import { LatestEntries } from '../../components/LatestEntries.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Message } from './read-messages.ts';

const SHOWN = 3;

export function MessageList({ messages }: { readonly messages: readonly Message[] }) {
  const { texts, name, moment } = useLanguage();
  const unnamed = texts.app.unknownName;
  return (
    <LatestEntries title={texts.messages.heading} entries={messages} shown={SHOWN} earlierTitle={texts.messages.earlier}>
      {(message) => (
        <>
          <p className="fp-strong">{message.type === undefined ? texts.app.notRecorded : name(message.type)}</p>
          {message.about === undefined ? null : <p lang={message.language}>{message.about}</p>}
          <p className="fp-small fp-muted">{texts.messages.between(message.from?.name ?? unnamed, message.to?.name ?? unnamed)}</p>
          <p className="fp-small fp-muted">
            {message.sent === undefined ? null : moment(message.sent)}{' '}
            {message.state === 'received' ? null : (
              <Badge tone={message.state === 'failed' ? 'bad' : 'warn'}>
                {message.state === 'failed' ? texts.messages.failed : texts.messages.notReceived}
              </Badge>
            )}
          </p>
        </>
      )}
    </LatestEntries>
  );
}
