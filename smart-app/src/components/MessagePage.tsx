/**
 * A page that says what happened and what to do, in place of the plan.
 */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLanguage } from '../i18n/language-context.tsx';
import type { ErrorText } from '../i18n/nb.ts';
import type { AppError, AppErrorKind } from '../smart/app-error.ts';

interface MessagePageProps {
  readonly title: string;
  readonly what: string;
  readonly todo: string;
  readonly children?: ReactNode;
}

/** The heading takes the focus, so that a screen reader starts there. */
export function MessagePage({ title, what, todo, children }: MessagePageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    document.title = `${title} – Fellesplan`;
    return () => {
      document.title = 'Fellesplan';
    };
  }, [title]);
  return (
    <div className="fp-message">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{what}</p>
      <p className="fp-message-todo">{todo}</p>
      {children}
    </div>
  );
}

/** The page of an error; `onRetry` is given where trying again can help, `children` are other ways on. */
export function ErrorPage({
  error,
  standsAlone = false,
  onRetry,
  children,
}: {
  readonly error: AppError;
  /** Without a record system around it: none is spoken of. */
  readonly standsAlone?: boolean;
  readonly onRetry?: (() => void) | undefined;
  readonly children?: ReactNode;
}) {
  const { texts } = useLanguage();
  const alone: Partial<Record<AppErrorKind, ErrorText>> = texts.errorsAlone;
  const text = (standsAlone ? alone[error.kind] : undefined) ?? texts.errors[error.kind];
  return (
    <MessagePage title={text.title} what={text.what} todo={text.todo}>
      {onRetry === undefined ? null : <Button onClick={onRetry}>{texts.app.retry}</Button>}
      {children}
      <details className="fp-technical">
        <summary>{texts.app.technical}</summary>
        <p>
          <code>
            {error.kind} · {error.message}
          </code>
        </p>
        {error.requestId === undefined ? null : (
          <p>
            {texts.app.requestId}: <code>{error.requestId}</code>
          </p>
        )}
      </details>
    </MessagePage>
  );
}
