/** A woman of 52 in rehabilitation after breast cancer. */
import type { PersonSpec } from '../spec.ts';

const torunn: PersonSpec = {
  id: 'torunn-hellevangen',
  given: 'Torunn',
  family: 'Hellevangen',
  gender: 'female',
  birthDate: '1974-05-17',
  home: 'solvik',
  street: 'Bjørkealléen 21',
  gp: 'nadia-farahmand',
  consent: { day: -48 },
  whatMatters: [
    {
      key: 'ord',
      day: -45,
      words: 'Alle sier jeg er frisk. Jeg vil ha kroppen min tilbake, og lov til å være sliten uten å forklare det.',
    },
  ],
  team: {
    since: -47,
    managedBy: 'solvik',
    members: [
      { who: 'ragnhild-tveitlid', role: 'koordinator' },
      { who: 'patient' },
      { who: 'siri-lundemo' },
      { who: 'nadia-farahmand' },
      { who: 'gro-myrvoll' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Kreftrehabilitering',
      from: -45,
      to: 90,
      review: 28,
      author: 'ragnhild-tveitlid',
      custodian: 'solvik',
      contributors: ['siri-lundemo', 'gro-myrvoll'],
      goals: ['arm', 'krefter', 'jobb'],
    },
  ],
  goals: [
    {
      key: 'arm',
      words: 'Jeg vil løfte armen over hodet.',
      from: -45,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 8, due: 40 },
    },
    { key: 'krefter', words: 'Jeg vil orke en hel kveld med venner.', from: -45, achievement: 'in-progress', addresses: 'ord' },
    { key: 'jobb', words: 'Jeg vil begynne med to dager i uka.', from: -45, status: 'proposed', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'lymfe',
      type: 'helsehjelp',
      what: 'Lymfedrenasje og kompresjon',
      owner: 'siri-lundemo',
      goal: 'arm',
      status: 'in-progress',
      from: -40,
      due: 40,
    },
    {
      key: 'gruppe',
      type: 'trening',
      what: 'Treningsgruppe «Pusterom» to ganger i uka',
      owner: 'patient',
      goal: 'krefter',
      status: 'in-progress',
      from: -35,
    },
    {
      key: 'samtale',
      type: 'oppfolging-hjemme',
      what: 'Samtale med kreftsykepleier annenhver uke',
      owner: 'ragnhild-tveitlid',
      goal: 'krefter',
      status: 'in-progress',
      from: -45,
      due: 45,
    },
    {
      key: 'nav',
      type: 'arbeid-okonomi',
      what: 'Plan for gradert tilbakeføring',
      owner: 'gro-myrvoll',
      goal: 'jobb',
      status: 'requested',
      from: 5,
      due: 20,
    },
  ],
  psfs: {
    conversations: [
      { day: -42, by: 'siri-lundemo' },
      { day: -9, by: 'siri-lundemo' },
    ],
    activities: [
      { name: 'Nå øverste hylle', goal: 'arm', scores: [3, 6] },
      { name: 'Være oppe en hel kveld', goal: 'krefter', scores: [3, 4] },
    ],
  },
  meetings: [
    {
      key: 'nav',
      what: 'Samtale om gradert arbeid',
      day: 5,
      time: '13:00',
      minutes: 45,
      status: 'booked',
      with: ['gro-myrvoll', 'ragnhild-tveitlid'],
    },
  ],
};

export const persons = [torunn];
