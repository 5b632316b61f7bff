/** A girl of 17 with cerebral palsy on her way from children's to adult habilitation, and from home to a flat of her own. */
import type { PersonSpec } from '../spec.ts';

const thea: PersonSpec = {
  id: 'thea-nygardslid',
  given: 'Thea',
  family: 'Nygardslid',
  gender: 'female',
  birthDate: '2009-05-29',
  home: 'granheim',
  street: 'Sentrumsvegen 2',
  gp: 'torgeir-bruheim',
  language: 'nn',
  kin: [{ key: 'mor', given: 'Solfrid', family: 'Nygardslid', gender: 'female', relation: 'MTH', text: 'Mor', birthDate: '1979-08-17' }],
  consent: { day: -220 },
  whatMatters: [
    {
      key: 'ord',
      day: -100,
      words:
        'Eg skal ta førarkort og flytte for meg sjølv når eg er ferdig på vidaregåande. Eg vil ha assistentar eg har vald sjølv, ikkje mamma si liste.',
    },
  ],
  team: {
    since: -220,
    managedBy: 'granheim',
    members: [
      { who: 'marit-skjelvik' },
      { who: 'patient' },
      { who: 'kin:mor' },
      { who: 'torgeir-bruheim' },
      { who: 'rune-askemyr', to: 200 },
      { who: 'geir-hestmo', from: -30 },
      { who: 'aud-kvalheim' },
      { who: 'magne-eikelid', from: -60 },
      { who: 'sindre-aasmyr' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'individuell-plan',
      title: 'Individuell plan: frå barn til vaksen',
      from: -210,
      to: 250,
      review: 33,
      author: 'marit-skjelvik',
      custodian: 'granheim',
      contributors: ['kin:mor', 'rune-askemyr', 'geir-hestmo', 'magne-eikelid'],
      goals: ['bil', 'bustad', 'kropp'],
    },
  ],
  goals: [
    { key: 'bil', words: 'Eg vil køyre bil.', from: -100, achievement: 'in-progress', addresses: 'ord' },
    { key: 'bustad', words: 'Eg vil bu i eigen leilegheit med BPA.', from: -100, achievement: 'in-progress', addresses: 'ord' },
    {
      key: 'kropp',
      words: 'Eg vil klare å forflytte meg sjølv til sofa og seng.',
      from: -210,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 8, due: 150 },
    },
  ],
  measures: [
    {
      key: 'overforing',
      type: 'samarbeidsmote',
      what: 'Overføring til vaksenhabiliteringa, felles time med begge',
      owner: 'rune-askemyr',
      goal: 'bustad',
      status: 'in-progress',
      from: -40,
      due: 60,
      state: 'Første felles time halden',
    },
    {
      key: 'bpa',
      type: 'bolig',
      what: 'Søknad om brukarstyrt personleg assistanse frå 18 år',
      owner: 'marit-skjelvik',
      goal: 'bustad',
      status: 'in-progress',
      from: -35,
      due: 25,
    },
    {
      key: 'vurdering',
      type: 'kartlegging',
      what: 'Køyrevurdering og tilpassing av bil',
      owner: 'magne-eikelid',
      goal: 'bil',
      status: 'accepted',
      from: 20,
      due: 45,
    },
    {
      key: 'styrke',
      type: 'trening',
      what: 'Styrketrening på senter med fysioterapeut',
      owner: 'aud-kvalheim',
      goal: 'kropp',
      status: 'in-progress',
      from: -180,
      due: 120,
    },
  ],
  psfs: {
    conversations: [
      { day: -180, by: 'aud-kvalheim' },
      { day: -40, by: 'aud-kvalheim' },
    ],
    activities: [
      { name: 'Forflytte meg frå stol til seng', goal: 'kropp', scores: [4, 6] },
      { name: 'Rulle til butikken og handle', scores: [3, 5] },
    ],
  },
};

export const persons = [thea];
