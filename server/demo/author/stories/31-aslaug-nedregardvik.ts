/** A woman of 93 at home with telecare, day centre and a key that the night patrol has. */
import type { PersonSpec } from '../spec.ts';

const aslaug: PersonSpec = {
  id: 'aslaug-nedregardvik',
  given: 'Aslaug',
  family: 'Nedregardvik',
  gender: 'female',
  birthDate: '1933-04-04',
  home: 'granheim',
  street: 'Kyrkjevegen 1',
  gp: 'torgeir-bruheim',
  language: 'nn',
  kin: [{ key: 'son', given: 'Jon', family: 'Nedregardvik', gender: 'male', relation: 'SONC', text: 'Son' }],
  consent: { day: -400 },
  whatMatters: [
    { key: 'ord', day: -90, words: 'Eg har levd godt. Eg vil sitje ved omnen med strikketøyet og høyre at nokon seier god natt.' },
  ],
  team: {
    since: -398,
    managedBy: 'granheim',
    members: [
      { who: 'oddny-hovlid', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:son' },
      { who: 'torgeir-bruheim' },
      { who: 'sindre-aasmyr' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan',
      from: -390,
      to: 100,
      review: 50,
      author: 'oddny-hovlid',
      custodian: 'granheim',
      contributors: ['kin:son'],
      goals: ['omn', 'natt', 'mat'],
    },
  ],
  goals: [
    { key: 'omn', words: 'Eg vil kome meg frå senga til stolen ved omnen.', from: -90, achievement: 'sustaining', addresses: 'ord' },
    { key: 'natt', words: 'Eg vil høyre at nokon seier god natt.', from: -90, achievement: 'achieved', addresses: 'ord' },
    { key: 'mat', words: 'Eg vil ha middag saman med nokon to gonger i veka.', from: -90, achievement: 'in-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'tilsyn',
      type: 'oppfolging-hjemme',
      what: 'Kveldstilsyn kl. 21 og digitalt tilsyn om natta',
      owner: 'oddny-hovlid',
      goal: 'natt',
      status: 'in-progress',
      from: -380,
      due: 100,
    },
    {
      key: 'alarm',
      type: 'hjelpemiddel',
      what: 'Tryggleiksalarm med fallsensor',
      owner: 'sindre-aasmyr',
      goal: 'omn',
      status: 'completed',
      from: -80,
      due: -60,
      done: -66,
    },
    {
      key: 'dagsenter',
      type: 'nettverk-fritid',
      what: 'Dagsenter tysdag og torsdag',
      owner: 'org:granheim-heimeteneste',
      goal: 'mat',
      status: 'in-progress',
      from: -70,
      due: 100,
    },
    {
      key: 'medisin',
      type: 'legemidler',
      what: 'Årleg legemiddelgjennomgang',
      owner: 'torgeir-bruheim',
      goal: 'omn',
      status: 'requested',
      from: 8,
      due: 25,
    },
  ],
  cfs: [
    { day: -388, level: '6', rater: 'oddny-hovlid' },
    { day: -90, level: '7', rater: 'oddny-hovlid' },
  ],
};

export const persons = [aslaug];
