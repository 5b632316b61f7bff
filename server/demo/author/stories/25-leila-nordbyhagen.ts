/** A woman of 29 two weeks after birth: the same midwife at home, feeding and low mood (Min jordmor). */
import type { PersonSpec } from '../spec.ts';

const leila: PersonSpec = {
  id: 'leila-nordbyhagen',
  given: 'Leila',
  family: 'Nordbyhagen',
  gender: 'female',
  birthDate: '1997-08-08',
  home: 'solvik',
  street: 'Åkerveien 1',
  gp: 'nadia-farahmand',
  kin: [{ key: 'samboer', given: 'Marius', family: 'Nordbyhagen', gender: 'male', relation: 'DOMPART', text: 'Samboer' }],
  consent: { day: -150 },
  whatMatters: [
    {
      key: 'ord',
      day: -6,
      words:
        'Jeg trodde jeg skulle være lykkelig. Jeg vil sove to timer i strekk og kjenne at jeg får til ammingen, og at noen spør hvordan jeg har det, ikke bare babyen.',
    },
  ],
  team: {
    name: 'Min jordmor: teamet rundt Leila',
    since: -150,
    managedBy: 'fjordheim',
    members: [
      { who: 'sofie-malmlid', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:samboer' },
      { who: 'ingvild-tresvik' },
      { who: 'randi-hellemyr', from: -14 },
      { who: 'nadia-farahmand' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Plan for svangerskap, fødsel og barseltid',
      from: -148,
      to: 45,
      review: 2,
      author: 'sofie-malmlid',
      custodian: 'fjordheim',
      contributors: ['kin:samboer', 'ingvild-tresvik', 'randi-hellemyr'],
      goals: ['sove', 'amme', 'humor'],
    },
  ],
  goals: [
    { key: 'sove', words: 'Jeg vil sove to timer i strekk.', from: -6, achievement: 'in-progress', addresses: 'ord' },
    { key: 'amme', words: 'Jeg vil amme uten at det gjør vondt.', from: -6, achievement: 'improving', addresses: 'ord' },
    { key: 'humor', words: 'Jeg vil kjenne igjen meg selv.', from: -6, achievement: 'in-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'hjemme',
      type: 'oppfolging-hjemme',
      what: 'Hjemmebesøk av jordmor dag 3, 7 og 14',
      owner: 'sofie-malmlid',
      goal: 'amme',
      status: 'in-progress',
      from: -11,
      due: 0,
      state: 'Dag 14 i dag',
    },
    {
      key: 'ammehjelp',
      type: 'helsehjelp',
      what: 'Ammeveiledning og brystskjold',
      owner: 'ingvild-tresvik',
      goal: 'amme',
      status: 'completed',
      from: -8,
      due: -4,
      done: -5,
    },
    {
      key: 'epds',
      type: 'kartlegging',
      what: 'Samtale om humør (EPDS) ved seks uker, tidligere ved behov',
      owner: 'randi-hellemyr',
      goal: 'humor',
      status: 'requested',
      from: 3,
      due: 7,
    },
    {
      key: 'netter',
      type: 'avlastning',
      what: 'Marius tar første del av natten',
      owner: 'kin:samboer',
      goal: 'sove',
      status: 'in-progress',
      from: -5,
    },
  ],
  messages: [
    {
      key: 'fodsel',
      type: 'epikrise',
      from: 'fjordheim-kvinne',
      to: 'solvik-helsestasjon',
      day: -12,
      time: '12:10',
      received: 2,
      about: 'Fødselsepikrise, hjemreise dag 2',
    },
  ],
  meetings: [
    {
      key: 'avslutning',
      what: 'Felles hjemmebesøk: jordmor og helsesykepleier',
      day: 2,
      time: '10:00',
      minutes: 60,
      status: 'booked',
      with: ['kin:samboer', 'sofie-malmlid', 'randi-hellemyr'],
    },
  ],
};

export const persons = [leila];
