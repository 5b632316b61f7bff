/**
 * What people are told of a refusal in their own language: what is wrong and what helps, beside `diagnostics`, which says
 * in English exactly what it was.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome-definitions.html#OperationOutcome.issue.details
 */
import type { Language } from './language.ts';
import { type Issue, isErrorIssue } from './outcome.ts';

type Words = Readonly<Record<Exclude<Language, 'en'>, string>>;

/** By status and issue code, or by the status alone. */
const WORDS: Readonly<Record<string, Words>> = {
  '400': { nb: 'Forespørselen er ikke slik FHIR vil ha den.', nn: 'Førespurnaden er ikkje slik FHIR vil ha han.' },
  '400 structure': {
    nb: 'Innholdet er ikke JSON, eller ikke bygd opp slik FHIR vil ha det.',
    nn: 'Innhaldet er ikkje JSON, eller ikkje bygd opp slik FHIR vil ha det.',
  },
  '400 value': { nb: 'En verdi kan ikke brukes slik den står.', nn: 'Ein verdi kan ikkje brukast slik han står.' },
  '400 not-supported': { nb: 'En parameter eller et valg er ikke kjent her.', nn: 'Ein parameter eller eit val er ikkje kjent her.' },
  '401': {
    nb: 'Tilgangstokenet mangler, er utløpt eller gjelder ikke her. Hent et nytt.',
    nn: 'Tilgangstokenet manglar, er utløpt eller gjeld ikkje her. Hent eit nytt.',
  },
  '403': { nb: 'Tilgangen din rekker ikke til dette.', nn: 'Tilgangen din rekk ikkje til dette.' },
  '403 too-costly': {
    nb: 'Dette krever mer enn tjenesten gjør på én gang. Be om mindre.',
    nn: 'Dette krev meir enn tenesta gjer på éin gong. Be om mindre.',
  },
  '404': {
    nb: 'Dette finnes ikke, eller du har ikke tilgang til å se det.',
    nn: 'Dette finst ikkje, eller du har ikkje tilgang til å sjå det.',
  },
  '405': { nb: 'Metoden kan ikke brukes på denne adressen.', nn: 'Metoden kan ikkje brukast på denne adressa.' },
  '406': {
    nb: 'Svaret gis ikke i formatet som er bedt om. Be om application/fhir+json.',
    nn: 'Svaret blir ikkje gitt i formatet som det er bede om. Be om application/fhir+json.',
  },
  '409': {
    nb: 'Dette lar seg ikke gjøre slik dataene er nå. Les på nytt, og prøv igjen.',
    nn: 'Dette lèt seg ikkje gjere slik dataa er no. Les på nytt, og prøv igjen.',
  },
  '410': { nb: 'Ressursen er slettet.', nn: 'Ressursen er sletta.' },
  '412': {
    nb: 'Ressursen er en annen enn den du gikk ut fra. Les den på nytt, og gjør endringen i versjonen som gjelder nå.',
    nn: 'Ressursen er ein annan enn den du gjekk ut frå. Les han på nytt, og gjer endringa i versjonen som gjeld no.',
  },
  '412 multiple-matches': {
    nb: 'Betingelsen passer på flere ressurser. Gjør den mer presis.',
    nn: 'Vilkåret passar på fleire ressursar. Gjer det meir presist.',
  },
  '413': { nb: 'Forespørselen er for stor. Del den opp.', nn: 'Førespurnaden er for stor. Del han opp.' },
  '415': { nb: 'Innhold av denne typen leses ikke her.', nn: 'Innhald av denne typen blir ikkje lese her.' },
  '422': { nb: 'Innholdet bryter en regel.', nn: 'Innhaldet bryt ein regel.' },
  '428': {
    nb: 'Send If-Match med versjonen du har lest, så ingens endring blir skrevet over.',
    nn: 'Send If-Match med versjonen du har lese, så endringa til ingen blir skriven over.',
  },
  '429': { nb: 'For mange forespørsler. Vent litt, og prøv igjen.', nn: 'For mange førespurnader. Vent litt, og prøv igjen.' },
  '500': {
    nb: 'Tjenesten feilet. Oppgi id-en til forespørselen når du melder fra.',
    nn: 'Tenesta feila. Oppgi id-en til førespurnaden når du melder frå.',
  },
  '503': {
    nb: 'Tjenesten er ikke tilgjengelig akkurat nå. Prøv igjen om litt.',
    nn: 'Tenesta er ikkje tilgjengeleg akkurat no. Prøv igjen om litt.',
  },
};

/** The issues of a refusal with `status`, each error with a text in the language asked for; English stands in `diagnostics` alone. */
export function inWords(status: number, issues: readonly Issue[], language: Language | undefined): readonly Issue[] {
  if (language === undefined || language === 'en') return issues;
  return issues.map((issue) => {
    const words = WORDS[`${status} ${issue.code}`] ?? WORDS[status];
    if (words === undefined || issue.details?.text !== undefined || !isErrorIssue(issue)) return issue;
    return { ...issue, details: { ...issue.details, text: words[language] } };
  });
}
