/** A woman of 34 with multiple sclerosis, at work half time. */
import type { PersonSpec } from '../spec.ts';

const elin: PersonSpec = {
  id: 'elin-vestgardsli',
  given: 'Elin',
  family: 'Vestgardsli',
  gender: 'female',
  birthDate: '1992-12-24',
  home: 'granheim',
  street: 'Åsgata 8',
  gp: 'torgeir-bruheim',
  language: 'nn',
  consent: { day: -65 },
  whatMatters: [{ key: 'ord', day: -60, words: 'Eg vil jobbe og eg vil klatre. Sjukdomen skal få plass, men ikkje heile plassen.' }],
  team: {
    since: -64,
    managedBy: 'granheim',
    members: [
      { who: 'sindre-aasmyr', role: 'koordinator' },
      { who: 'patient' },
      { who: 'torgeir-bruheim' },
      { who: 'nora-veumli' },
      { who: 'magne-eikelid' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan ved MS',
      from: -60,
      to: 300,
      review: 62,
      author: 'sindre-aasmyr',
      custodian: 'granheim',
      contributors: ['nora-veumli', 'magne-eikelid'],
      goals: ['jobb', 'klatre', 'varme'],
    },
  ],
  goals: [
    { key: 'jobb', words: 'Eg vil halde på halv stilling.', from: -60, achievement: 'sustaining', addresses: 'ord' },
    {
      key: 'klatre',
      words: 'Eg vil klatre éin gong i veka.',
      from: -60,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 8, due: 120 },
    },
    { key: 'varme', words: 'Eg vil ha ein plan for dei tunge dagane.', from: -60, achievement: 'in-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'infusjon',
      type: 'legemidler',
      what: 'Infusjon på sjukehuset kvart halvår',
      owner: 'nora-veumli',
      goal: 'jobb',
      status: 'accepted',
      from: 18,
      due: 18,
    },
    {
      key: 'arbeid',
      type: 'arbeid-okonomi',
      what: 'Gradert arbeid med faste kviledagar',
      owner: 'magne-eikelid',
      goal: 'jobb',
      status: 'in-progress',
      from: -50,
      due: 130,
    },
    {
      key: 'energi',
      type: 'hverdagsmestring',
      what: 'Energiøkonomisering, seks samtalar',
      owner: 'sindre-aasmyr',
      goal: 'varme',
      status: 'in-progress',
      from: -40,
      due: 16,
    },
    {
      key: 'klatring',
      type: 'nettverk-fritid',
      what: 'Klatring med venninne torsdagar',
      owner: 'patient',
      goal: 'klatre',
      status: 'in-progress',
      from: -40,
    },
  ],
  psfs: {
    conversations: [
      { day: -58, by: 'sindre-aasmyr' },
      { day: -12, by: 'sindre-aasmyr' },
    ],
    activities: [
      { name: 'Klatre ein time', goal: 'klatre', scores: [4, 6] },
      { name: 'Vere på jobb til klokka tolv', goal: 'jobb', scores: [5, 7] },
    ],
  },
};

export const persons = [elin];
