/**
 * The latest messages between the services; earlier ones are folded away.
 */
import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { Message } from './read-messages.ts';

const SHOWN = 3;

function Item({ message }: { readonly message: Message }) {
  const { texts, name, moment } = useLanguage();
  const unnamed = texts.app.unknownName;
  return (
    <li className="fp-entry">
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
    </li>
  );
}

function Items({ messages }: { readonly messages: readonly Message[] }) {
  return (
    <ul className="fp-entries">
      {messages.map((message) => (
        <Item key={message.id} message={message} />
      ))}
    </ul>
  );
}

export function MessageList({ messages }: { readonly messages: readonly Message[] }) {
  const { texts } = useLanguage();
  if (messages.length === 0) return null;
  const earlier = messages.slice(SHOWN);
  return (
    <Section title={texts.messages.heading}>
      <Items messages={messages.slice(0, SHOWN)} />
      {earlier.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.messages.earlier(earlier.length)}</summary>
          <Items messages={earlier} />
        </details>
      )}
    </Section>
  );
}
