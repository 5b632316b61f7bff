/** A man of 19 with a first psychosis: the FACT team, school and the family. */
import type { PersonSpec } from '../spec.ts';

const mikkel: PersonSpec = {
  id: 'mikkel-aspelid',
  given: 'Mikkel',
  family: 'Aspelid',
  gender: 'male',
  birthDate: '2007-03-21',
  home: 'solvik',
  street: 'Parkveien 27',
  gp: 'lars-hegdalen',
  kin: [{ key: 'far', given: 'Bård', family: 'Aspelid', gender: 'male', relation: 'FTH', text: 'Far' }],
  consent: { day: -85 },
  whatMatters: [
    {
      key: 'ord',
      day: -80,
      words: 'Jeg vil bli ferdig på skolen sammen med de andre. Stemmene er lavere nå. Jeg vil ikke bli en sånn som bare sitter inne.',
    },
  ],
  team: {
    since: -84,
    managedBy: 'solvik',
    members: [
      { who: 'tina-haugsund', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:far' },
      { who: 'ole-kristoffer-dalmo' },
      { who: 'lars-hegdalen' },
      { who: 'anne-lise-kvernmo' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan for Mikkel',
      from: -80,
      to: 280,
      review: 25,
      author: 'tina-haugsund',
      custodian: 'fjordheim',
      contributors: ['kin:far', 'ole-kristoffer-dalmo', 'anne-lise-kvernmo'],
      goals: ['skole', 'ute', 'sovn'],
    },
  ],
  goals: [
    { key: 'skole', words: 'Jeg vil bestå norsk og matte.', from: -80, achievement: 'in-progress', addresses: 'ord' },
    {
      key: 'ute',
      words: 'Jeg vil være ute med folk to ganger i uka.',
      from: -80,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 6, due: 60 },
    },
    {
      key: 'sovn',
      words: 'Jeg vil sove om natten og være våken om dagen.',
      from: -80,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 1, score: 7, due: 30 },
    },
  ],
  measures: [
    {
      key: 'familie',
      type: 'rus-psykisk-helse',
      what: 'Psykoedukativ familiebehandling annenhver uke',
      owner: 'ole-kristoffer-dalmo',
      goal: 'ute',
      status: 'in-progress',
      from: -70,
      due: 200,
    },
    {
      key: 'medisin',
      type: 'legemidler',
      what: 'Lav dose antipsykotika, blodprøver og vekt',
      owner: 'lars-hegdalen',
      goal: 'sovn',
      status: 'in-progress',
      from: -75,
      due: 14,
    },
    {
      key: 'skole',
      type: 'skole-barnehage',
      what: 'Redusert fagkrets, mentor på skolen',
      owner: 'anne-lise-kvernmo',
      goal: 'skole',
      status: 'in-progress',
      from: -60,
      due: 210,
    },
    {
      key: 'klatring',
      type: 'nettverk-fritid',
      what: 'Klatring onsdager med erfaringskonsulent',
      owner: 'erlend-nyborgli',
      goal: 'ute',
      status: 'in-progress',
      from: -40,
      due: 60,
    },
  ],
  psfs: {
    conversations: [
      { day: -75, by: 'tina-haugsund' },
      { day: -18, by: 'tina-haugsund' },
    ],
    activities: [
      { name: 'Være ute med folk', goal: 'ute', scores: [2, 4] },
      { name: 'Sove om natten', goal: 'sovn', scores: [3, 6] },
    ],
  },
  messages: [
    {
      key: 'epikrise',
      type: 'epikrise',
      from: 'fjordheim-fact',
      to: 'solvik-legesenter',
      day: -79,
      time: '15:40',
      received: 2,
      about: 'Epikrise etter innleggelse',
    },
  ],
  meetings: [
    {
      key: 'team',
      what: 'Teammøte med Mikkel og far',
      day: 25,
      time: '15:00',
      minutes: 60,
      status: 'booked',
      with: ['kin:far', 'tina-haugsund', 'ole-kristoffer-dalmo', 'anne-lise-kvernmo'],
    },
  ],
};

export const persons = [mikkel];
