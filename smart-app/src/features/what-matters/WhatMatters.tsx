/**
 * "Hva er viktig for deg?": the person's own words, at the top of the screen.
 */
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { OwnWords } from './read-what-matters.ts';
import './what-matters.css';

/** Whether the reader is the person asked. */
interface Own {
  readonly own: boolean;
}

function Words({ words, own }: Own & { readonly words: OwnWords }) {
  const { texts, day } = useLanguage();
  const { saidBy } = words;
  const self = own ? texts.whatMatters.ownSelf : texts.whatMatters.self;
  const who = saidBy === undefined ? undefined : saidBy.kind === 'patient' ? self : saidBy.name;
  return (
    <figure className="fp-words">
      <blockquote lang={words.language}>{words.text}</blockquote>
      <figcaption>
        {[who === undefined ? undefined : texts.whatMatters.saidBy(who), words.date === undefined ? undefined : day(words.date)]
          .filter(Boolean)
          .join(' · ')}
      </figcaption>
    </figure>
  );
}

export function WhatMatters({ answers, own }: Own & { readonly answers: readonly OwnWords[] }) {
  const { texts } = useLanguage();
  const [latest, ...earlier] = answers;
  return (
    <Section title={texts.whatMatters.heading} className="fp-what-matters">
      {latest === undefined ? (
        <p className="fp-empty">{own ? texts.whatMatters.ownNone : texts.whatMatters.none}</p>
      ) : (
        <Words words={latest} own={own} />
      )}
      {earlier.length === 0 ? null : (
        <details className="fp-fold">
          <summary>{texts.whatMatters.earlier(earlier.length)}</summary>
          {earlier.map((words) => (
            <Words key={words.id} words={words} own={own} />
          ))}
        </details>
      )}
    </Section>
  );
}
