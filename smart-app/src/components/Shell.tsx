/**
 * The frame of every page: skip link, header and main landmark.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#bypass-blocks
 */
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/language-context.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';

interface ShellProps {
  readonly children: ReactNode;
  /** Tools in the header, before the languages. */
  readonly tools?: ReactNode;
  /** Shown under the header, above the content. */
  readonly notice?: ReactNode;
}

export function Shell({ children, tools, notice }: ShellProps) {
  const { texts } = useLanguage();
  return (
    <>
      <a className="fp-skip" href="#content">
        {texts.app.skipToContent}
      </a>
      <header className="fp-header">
        <p className="fp-brand">
          <span className="fp-brand-mark" aria-hidden="true" />
          {texts.app.name}
        </p>
        <div className="fp-tools">
          {tools}
          <LanguageSwitch />
        </div>
      </header>
      <div role="status" aria-live="polite">
        {notice}
      </div>
      <main id="content" className="fp-main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
