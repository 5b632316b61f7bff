/** Texts of the simulated identity provider in bokmål, nynorsk and English. */
import type { Language } from '../fhir/language.ts';

export interface ProviderTexts {
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly persons: string;
  readonly staff: string;
  readonly comesAs: Readonly<Record<'patient' | 'relative', string>>;
  readonly nobody: string;
  readonly securityLevel: (level: string) => string;
  readonly cancel: string;
  readonly aboutHeading: string;
  readonly aboutText: string;
  readonly toFront: string;
  readonly refusedHeading: string;
  readonly refusedText: string;
}

export const PROVIDER_TEXTS: Readonly<Record<Language, ProviderTexts>> = {
  nb: {
    title: 'Simulert innlogging',
    heading: 'Hvem er du?',
    lead: 'Dette er en simulert innloggingstjeneste. Alle personer er oppdiktet.',
    persons: 'Privatpersoner',
    staff: 'Helsepersonell og andre ansatte',
    comesAs: { patient: 'pasient', relative: 'pårørende' },
    nobody: 'Ingen personer er lagt inn ennå.',
    securityLevel: (level) => `sikkerhetsnivå ${level}`,
    cancel: 'Avbryt',
    aboutHeading: 'Simulert innloggingstjeneste',
    aboutText: 'Hit kommer du når du logger inn i Fellesplan uten journalsystem. Alle personer er oppdiktet.',
    toFront: 'Begynn på forsiden',
    refusedHeading: 'Noe mangler',
    refusedText: 'Gå tilbake og start innloggingen på nytt.',
  },
  nn: {
    title: 'Simulert innlogging',
    heading: 'Kven er du?',
    lead: 'Dette er ei simulert innloggingsteneste. Alle personar er oppdikta.',
    persons: 'Privatpersonar',
    staff: 'Helsepersonell og andre tilsette',
    comesAs: { patient: 'pasient', relative: 'pårørande' },
    nobody: 'Ingen personar er lagde inn enno.',
    securityLevel: (level) => `tryggleiksnivå ${level}`,
    cancel: 'Avbryt',
    aboutHeading: 'Simulert innloggingsteneste',
    aboutText: 'Hit kjem du når du loggar inn i Fellesplan utan journalsystem. Alle personar er oppdikta.',
    toFront: 'Byrj på framsida',
    refusedHeading: 'Noko manglar',
    refusedText: 'Gå tilbake og start innlogginga på nytt.',
  },
  en: {
    title: 'Simulated sign-in',
    heading: 'Who are you?',
    lead: 'This is a simulated sign-in service. All people are invented.',
    persons: 'Private persons',
    staff: 'Health personnel and other staff',
    comesAs: { patient: 'patient', relative: 'relative' },
    nobody: 'Nobody has been loaded yet.',
    securityLevel: (level) => `security level ${level}`,
    cancel: 'Cancel',
    aboutHeading: 'Simulated sign-in service',
    aboutText: 'You come here when you sign in to Fellesplan without a record system. All people are invented.',
    toFront: 'Begin at the front page',
    refusedHeading: 'Something is missing',
    refusedText: 'Go back and start the sign-in again.',
  },
};
