/**
 * Chooses among the languages, each named in its own language.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#language-of-parts
 */
import { useLanguage } from '../i18n/language-context.tsx';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/languages.ts';

export function LanguageSwitch() {
  const { texts, language, choose } = useLanguage();
  return (
    <fieldset className="fp-languages">
      <legend className="fp-hidden">{texts.app.language}</legend>
      {LANGUAGES.map((offered) => (
        <button key={offered} type="button" lang={offered} aria-pressed={offered === language} onClick={() => choose(offered)}>
          {LANGUAGE_NAMES[offered]}
        </button>
      ))}
    </fieldset>
  );
}
