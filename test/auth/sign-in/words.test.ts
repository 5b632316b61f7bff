import { describe, expect, it } from 'vitest';
import { patientPage } from '../../../server/auth/sign-in/pages.ts';
import { scopeLine } from '../../../server/auth/sign-in/scope-words.ts';
import { SIGN_IN_TEXTS } from '../../../server/auth/sign-in/texts.ts';
import { LANGUAGES } from '../../../server/fhir/language.ts';

describe('the words of the sign-in pages', () => {
  it.each([
    ['nb', 'lese og søke i alle opplysninger om personen du har valgt', 'lese, søke i og endre Task som du selv har tilgang til'],
    ['nn', 'lese og søkje i alle opplysningar om personen du har valt', 'lese, søkje i og endre Task som du sjølv har tilgang til'],
    ['en', 'read and search all information about the person you have chosen', 'read, search and change Task that you yourself may open'],
  ] as const)('say in %s what an app may do, as one says it', (language, patient, user) => {
    expect(scopeLine('patient/*.rs', SIGN_IN_TEXTS[language])).toBe(patient);
    expect(scopeLine('user/Task.rus', SIGN_IN_TEXTS[language])).toBe(user);
  });

  it.each([
    ['nb', 'Født 17. mars 1942, Nausttunet 14', 'Født 1942-03'],
    ['nn', 'Fødd 17. mars 1942, Nausttunet 14', 'Fødd 1942-03'],
    ['en', 'Born 17 March 1942, Nausttunet 14', 'Born 1942-03'],
  ] as const)('write a day of birth in %s as people do, and a month alone as it is', (language, whole, month) => {
    const people = [
      { id: '1', name: 'Ingrid Solberg', about: 'Nausttunet 14', birthDate: '1942-03-17' },
      { id: '2', name: 'Arne Kvamsdal', about: '', birthDate: '1942-03' },
      { id: '3', name: 'Jonas Lindvik', about: '' },
    ];
    const { text } = patientPage({ language, place: 'Fellesplan', app: 'Fellesplan', action: '/x', formToken: 't' }, people, '');
    expect([...text.matchAll(/<span>(.*?)<\/span>/g)].map((match) => match[1])).toEqual([whole, month, '']);
  });

  it.each(LANGUAGES)('tell in %s whoever finds nobody whether that is for the search', (language) => {
    const said = (searched: string) =>
      /role="status">(.*?)</.exec(patientPage({ language, place: 'P', app: 'A', action: '/x', formToken: 't' }, [], searched).text)?.[1];
    expect([said(''), said('Solberg')]).toEqual([SIGN_IN_TEXTS[language].nobodyToOpen, SIGN_IN_TEXTS[language].noPatients]);
  });

  it('have a text for each of the same things in every language', () => {
    const [first, ...others] = LANGUAGES.map((language) => Object.keys(SIGN_IN_TEXTS[language]).sort());
    for (const keys of others) expect(keys).toEqual(first);
  });
});
