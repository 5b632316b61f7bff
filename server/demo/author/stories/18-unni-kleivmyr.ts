/** A woman of 69 with COPD, heart disease and diabetes: many specialists, one plan; worse than last time. */
import type { PersonSpec } from '../spec.ts';

const unni: PersonSpec = {
  id: 'unni-kleivmyr',
  given: 'Unni',
  family: 'Kleivmyr',
  gender: 'female',
  birthDate: '1957-09-09',
  home: 'granheim',
  street: 'Moavegen 54',
  gp: 'torgeir-bruheim',
  language: 'nn',
  kin: [{ key: 'son', given: 'Roar', family: 'Kleivmyr', gender: 'male', relation: 'SONC', text: 'Son' }],
  consent: { day: -130 },
  whatMatters: [
    {
      key: 'ord',
      day: -120,
      words: 'Eg vil ha éin å ringje til, ikkje fire poliklinikkar. Og eg vil ha pust nok til å lese høgt for barnebarna.',
    },
  ],
  team: {
    since: -128,
    managedBy: 'granheim',
    members: [
      { who: 'oddny-hovlid', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:son' },
      { who: 'torgeir-bruheim' },
      { who: 'vibeke-fosslid' },
      { who: 'ida-fredli' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'individuell-plan',
      title: 'Individuell plan',
      from: -120,
      to: 200,
      review: 15,
      author: 'oddny-hovlid',
      custodian: 'granheim',
      contributors: ['kin:son', 'vibeke-fosslid', 'ida-fredli'],
      goals: ['lese', 'ein', 'sukker'],
    },
  ],
  goals: [
    {
      key: 'lese',
      words: 'Eg vil lese høgt ein halv time.',
      from: -120,
      achievement: 'worsening',
      addresses: 'ord',
      target: { activity: 0, score: 7, due: 60 },
    },
    { key: 'ein', words: 'Eg vil ha éin å ringje til.', from: -120, status: 'completed', achievement: 'achieved', addresses: 'ord' },
    { key: 'sukker', words: 'Eg vil sleppe føling om natta.', from: -90, achievement: 'improving', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'telefon',
      type: 'informasjon',
      what: 'Fast telefon til heimetenesta på dagtid, legevakt elles',
      owner: 'oddny-hovlid',
      goal: 'ein',
      status: 'completed',
      from: -118,
      due: -110,
      done: -112,
    },
    {
      key: 'lunge',
      type: 'helsehjelp',
      what: 'Ny vurdering på lungepoliklinikken etter forverring',
      owner: 'tore-lillebovik',
      goal: 'lese',
      status: 'accepted',
      from: 4,
      due: 6,
    },
    {
      key: 'insulin',
      type: 'legemidler',
      what: 'Justere kveldsinsulin, sensor',
      owner: 'torgeir-bruheim',
      goal: 'sukker',
      status: 'in-progress',
      from: -60,
      due: 10,
    },
    {
      key: 'heim',
      type: 'oppfolging-hjemme',
      what: 'Måling av vekt, metning og blodsukker med nettbrett',
      owner: 'patient',
      goal: 'lese',
      status: 'in-progress',
      from: -100,
      due: 100,
    },
  ],
  psfs: {
    conversations: [
      { day: -118, by: 'oddny-hovlid' },
      { day: -60, by: 'oddny-hovlid' },
      { day: -3, by: 'oddny-hovlid' },
    ],
    activities: [
      { name: 'Lese høgt', goal: 'lese', scores: [5, 6, 3] },
      { name: 'Gå til kjøpmannen', scores: [4, 5, 3] },
    ],
  },
  cfs: [{ day: -118, level: '5', rater: 'oddny-hovlid' }],
};

export const persons = [unni];
