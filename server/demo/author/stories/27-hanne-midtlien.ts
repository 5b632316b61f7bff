/** A woman of 38 with ME: little energy, a daughter at school, and the long way with Nav. */
import type { PersonSpec } from '../spec.ts';

const hanne: PersonSpec = {
  id: 'hanne-midtlien',
  given: 'Hanne',
  family: 'Midtlien',
  gender: 'female',
  birthDate: '1988-02-11',
  home: 'solvik',
  street: 'Solbakken 10',
  gp: 'nadia-farahmand',
  consent: { day: -300 },
  whatMatters: [
    {
      key: 'ord',
      day: -280,
      words:
        'Jeg vil følge datteren min til skolen én dag i uka. Jeg vil slippe å bevise at jeg er syk hver gang jeg møter en ny saksbehandler.',
    },
  ],
  team: {
    since: -298,
    managedBy: 'solvik',
    members: [
      { who: 'berit-osmund', role: 'koordinator' },
      { who: 'patient' },
      { who: 'nadia-farahmand' },
      { who: 'gro-myrvoll' },
      { who: 'petter-norhus' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'individuell-plan',
      title: 'Individuell plan',
      from: -290,
      to: 75,
      review: -30,
      author: 'berit-osmund',
      custodian: 'solvik',
      contributors: ['gro-myrvoll', 'petter-norhus'],
      goals: ['skole', 'ro', 'hjelp'],
    },
  ],
  goals: [
    {
      key: 'skole',
      words: 'Jeg vil følge til skolen én dag i uka.',
      from: -290,
      achievement: 'no-change',
      addresses: 'ord',
      target: { activity: 0, score: 5, due: 60 },
    },
    {
      key: 'ro',
      words: 'Jeg vil ha ro for økonomien i ett år.',
      from: -290,
      status: 'completed',
      achievement: 'achieved',
      addresses: 'ord',
    },
    { key: 'hjelp', words: 'Jeg vil ha hjelp til gulv og handling.', from: -200, achievement: 'in-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'aap',
      type: 'arbeid-okonomi',
      what: 'Forlengede arbeidsavklaringspenger, én fast veileder',
      owner: 'gro-myrvoll',
      goal: 'ro',
      status: 'completed',
      from: -200,
      due: -120,
      done: -126,
    },
    {
      key: 'aktivitet',
      type: 'hverdagsmestring',
      what: 'Aktivitetsavpasning med dagbok',
      owner: 'petter-norhus',
      goal: 'skole',
      status: 'in-progress',
      from: -150,
      due: 30,
    },
    {
      key: 'praktisk',
      type: 'oppfolging-hjemme',
      what: 'Praktisk bistand annenhver uke',
      owner: 'org:solvik-hjemmetjeneste',
      goal: 'hjelp',
      status: 'in-progress',
      from: -120,
      due: 75,
    },
    {
      key: 'stol',
      type: 'hjelpemiddel',
      what: 'Lett rullestol til lengre turer',
      owner: 'petter-norhus',
      goal: 'skole',
      status: 'requested',
      from: 3,
      due: 21,
    },
  ],
  psfs: {
    conversations: [
      { day: -270, by: 'petter-norhus' },
      { day: -100, by: 'petter-norhus' },
    ],
    activities: [
      { name: 'Følge til skolen', goal: 'skole', scores: [2, 2] },
      { name: 'Lage matpakke', scores: [4, 5] },
    ],
  },
};

export const persons = [hanne];
