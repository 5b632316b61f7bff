/** A man of 66 with COPD: digital follow-up at home, training, and a plan for when breathing gets worse. */
import type { PersonSpec } from '../spec.ts';

const nils: PersonSpec = {
  id: 'nils-bakkehavn',
  given: 'Nils',
  family: 'Bakkehavn',
  gender: 'male',
  birthDate: '1960-04-14',
  home: 'solvik',
  street: 'Verftsgata 19',
  gp: 'lars-hegdalen',
  consent: { day: -95 },
  whatMatters: [
    {
      key: 'ord',
      day: -90,
      words: 'Å komme opp på loftet til modelltogene uten å måtte sette meg tre ganger. Og ikke havne på akutten i julen igjen.',
    },
  ],
  team: {
    since: -95,
    managedBy: 'solvik',
    members: [
      { who: 'lene-hovdestad', role: 'koordinator' },
      { who: 'patient' },
      { who: 'lars-hegdalen' },
      { who: 'vibeke-fosslid' },
      { who: 'tore-lillebovik' },
      { who: 'siri-lundemo' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan for KOLS',
      from: -88,
      to: 90,
      review: -10,
      author: 'lene-hovdestad',
      custodian: 'solvik',
      contributors: ['vibeke-fosslid', 'siri-lundemo'],
      goals: ['loft', 'forverring', 'royk'],
    },
  ],
  goals: [
    {
      key: 'loft',
      words: 'Jeg vil opp på loftet til togene uten stopp.',
      from: -88,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 6, due: 60 },
    },
    { key: 'forverring', words: 'Jeg vil oppdage forverring selv.', from: -88, achievement: 'improving', addresses: 'ord' },
    { key: 'royk', words: 'Jeg vil slutte helt å røyke.', from: -88, achievement: 'no-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'maling',
      type: 'oppfolging-hjemme',
      what: 'Oksygenmetning og fem spørsmål tre ganger i uka',
      owner: 'patient',
      goal: 'forverring',
      status: 'in-progress',
      from: -85,
      due: 90,
      state: '31 av 36 levert',
    },
    {
      key: 'trening',
      type: 'trening',
      what: 'Lungerehabilitering i gruppe',
      owner: 'siri-lundemo',
      goal: 'loft',
      status: 'in-progress',
      from: -60,
      due: 20,
    },
    {
      key: 'kur',
      type: 'legemidler',
      what: 'Kortison og antibiotika hjemme til bruk ved gul sone',
      owner: 'lars-hegdalen',
      goal: 'forverring',
      status: 'completed',
      from: -80,
      due: -70,
      done: -72,
    },
    {
      key: 'roykeslutt',
      type: 'informasjon',
      what: 'Røykesluttkurs',
      owner: 'org:solvik-rehab',
      goal: 'royk',
      status: 'rejected',
      from: -60,
      due: -30,
      state: 'Vil ikke ha kurs nå',
    },
  ],
  psfs: {
    conversations: [
      { day: -85, by: 'siri-lundemo' },
      { day: -20, by: 'siri-lundemo' },
    ],
    activities: [
      { name: 'Gå opp loftstrappa', goal: 'loft', scores: [2, 4] },
      { name: 'Dusje', scores: [4, 5] },
    ],
  },
};

export const persons = [nils];
