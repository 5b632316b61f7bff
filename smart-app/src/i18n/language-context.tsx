/**
 * The chosen language for every component, and for the page's own `lang`.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#language-of-page
 */
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { codeName, type Label } from './code-labels.ts';
import { formatChange, formatDay, formatMoment, formatNumber, formatShortDay, formatTime } from './format.ts';
import { firstLanguage, type Language, languageOf, TEXTS } from './languages.ts';
import type { Texts } from './nb.ts';

const STORED = 'fellesplan:language';

interface LanguageValue {
  readonly language: Language;
  readonly texts: Texts;
  /** Chosen by the user: kept for the next launch. */
  readonly choose: (language: Language) => void;
  /** Told by the EHR: used until the user chooses. */
  readonly suggest: (tag: string | undefined) => void;
  readonly name: (label: Label) => string;
  readonly day: (value: string) => string;
  readonly shortDay: (value: string) => string;
  readonly moment: (value: string) => string;
  readonly time: (ms: number) => string;
  readonly number: (value: number) => string;
  readonly change: (value: number) => string;
}

const LanguageContext = createContext<LanguageValue | undefined>(undefined);

/** localStorage may be refused in a frame of another site; the choice then lasts as long as the page. */
function stored(): string | undefined {
  try {
    return window.localStorage.getItem(STORED) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(language: Language): void {
  try {
    window.localStorage.setItem(STORED, language);
  } catch {
    // Refused: nothing more to do.
  }
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => firstLanguage([stored(), ...window.navigator.languages]));
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo<LanguageValue>(
    () => ({
      language,
      texts: TEXTS[language],
      choose: (chosen) => {
        store(chosen);
        setLanguage(chosen);
      },
      suggest: (tag) => {
        const suggested = languageOf(tag);
        if (suggested !== undefined && stored() === undefined) setLanguage(suggested);
      },
      name: (label) => codeName(label, language),
      day: (day) => formatDay(day, language),
      shortDay: (day) => formatShortDay(day, language),
      moment: (moment) => formatMoment(moment, language),
      time: (ms) => formatTime(ms, language),
      number: (number) => formatNumber(number, language),
      change: (change) => formatChange(change, language),
    }),
    [language],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

/** @returns the language in use; throws outside a LanguageProvider. */
export function useLanguage(): LanguageValue {
  const value = useContext(LanguageContext);
  if (value === undefined) throw new Error('useLanguage outside LanguageProvider');
  return value;
}
