/** What the text report says around the checks, in three languages. The checks themselves are in the words of the specification. */

import type { Language } from '../../../fhir/language.ts';

export interface ReportWords {
  readonly at: string;
  readonly groups: Readonly<Record<string, string>>;
  readonly passedOf: (passed: number, tried: number) => string;
  readonly failed: string;
  readonly advice: string;
  readonly notTried: string;
  readonly requirements: Readonly<Record<'met' | 'not met' | 'advice not followed' | 'not tried', string>>;
  readonly sum: (of: { checks: number; passed: number; failed: number; advised: number; notApplicable: number }) => string;
}

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  en: {
    at: 'at',
    groups: {},
    passedOf: (passed, tried) => `${passed} of ${tried} passed`,
    failed: 'FAIL',
    advice: 'advice',
    notTried: 'Not tried',
    requirements: {
      met: 'Requirements met',
      'not met': 'Requirements not met',
      'advice not followed': 'Requirements whose advice is not followed',
      'not tried': 'Requirements not tried',
    },
    sum: ({ checks, passed, failed, advised, notApplicable }) =>
      `${checks} checks: ${passed} passed, ${failed} failed, ${advised} pieces of advice not followed, ${notApplicable} not tried`,
  },
  nb: {
    at: 'på',
    groups: {
      Discovery: 'Oppdagelse',
      Transport: 'Transport',
      'Authorization request': 'Autorisasjonsforespørsel',
      'Access token': 'Tilgangstoken',
      'Launch context': 'Oppstartskontekst',
      'Sign-on': 'Innlogging',
      'Access by scope': 'Tilgang etter scope',
      'Granular scopes': 'Finmaskede scopes',
      Refresh: 'Fornyelse',
      Revocation: 'Tilbakekalling',
      Introspection: 'Introspeksjon',
      'Backend services': 'Systemklienter',
      'Keys by URL': 'Nøkler på en URL',
      Expiry: 'Utløp',
      'Pushed authorization requests': 'Forespørsler sendt på forhånd (PAR)',
      'Tokens bound to a key': 'Token bundet til nøkkel (DPoP)',
      'User-access brands': 'Merkevarer for brukertilgang',
      'App state': 'Appers lagrede tilstand',
    },
    passedOf: (passed, tried) => `${passed} av ${tried} bestått`,
    failed: 'FEIL',
    advice: 'råd',
    notTried: 'Ikke prøvd',
    requirements: {
      met: 'Krav som er oppfylt',
      'not met': 'Krav som ikke er oppfylt',
      'advice not followed': 'Krav der et råd ikke er fulgt',
      'not tried': 'Krav som ikke er prøvd',
    },
    sum: ({ checks, passed, failed, advised, notApplicable }) =>
      `${checks} kontroller: ${passed} bestått, ${failed} ikke bestått, ${advised} råd ikke fulgt, ${notApplicable} ikke prøvd`,
  },
  nn: {
    at: 'på',
    groups: {
      Discovery: 'Oppdaging',
      Transport: 'Transport',
      'Authorization request': 'Autorisasjonsførespurnad',
      'Access token': 'Tilgangstoken',
      'Launch context': 'Oppstartskontekst',
      'Sign-on': 'Innlogging',
      'Access by scope': 'Tilgang etter scope',
      'Granular scopes': 'Finmaska scopes',
      Refresh: 'Fornying',
      Revocation: 'Tilbakekalling',
      Introspection: 'Introspeksjon',
      'Backend services': 'Systemklientar',
      'Keys by URL': 'Nøklar på ein URL',
      Expiry: 'Utløp',
      'Pushed authorization requests': 'Førespurnader sende på førehand (PAR)',
      'Tokens bound to a key': 'Token bunde til nøkkel (DPoP)',
      'User-access brands': 'Merkevarer for brukartilgang',
      'App state': 'Lagra tilstand for appar',
    },
    passedOf: (passed, tried) => `${passed} av ${tried} bestått`,
    failed: 'FEIL',
    advice: 'råd',
    notTried: 'Ikkje prøvd',
    requirements: {
      met: 'Krav som er oppfylte',
      'not met': 'Krav som ikkje er oppfylte',
      'advice not followed': 'Krav der eit råd ikkje er følgt',
      'not tried': 'Krav som ikkje er prøvde',
    },
    sum: ({ checks, passed, failed, advised, notApplicable }) =>
      `${checks} kontrollar: ${passed} bestått, ${failed} ikkje bestått, ${advised} råd ikkje følgde, ${notApplicable} ikkje prøvde`,
  },
};
