/** A woman of 90 at the end of life, at home as she wishes: palliative plan, CFS 8. */
import type { PersonSpec } from '../spec.ts';

const randi: PersonSpec = {
  id: 'randi-ostgardvik',
  given: 'Randi',
  family: 'Østgardvik',
  gender: 'female',
  birthDate: '1936-01-25',
  home: 'solvik',
  street: 'Gamleveien 4',
  gp: 'lars-hegdalen',
  kin: [{ key: 'sonn', given: 'Kjell', family: 'Østgardvik', gender: 'male', relation: 'SONC', text: 'Sønn' }],
  consent: { day: -32 },
  whatMatters: [
    {
      key: 'ord',
      day: -30,
      words:
        'Jeg vil dø i min egen seng med utsikt til fjorden. Ingen flere turer til sykehuset. Presten må gjerne komme, men ikke for tidlig på dagen.',
    },
  ],
  team: {
    since: -32,
    managedBy: 'solvik',
    members: [
      { who: 'ragnhild-tveitlid', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:sonn' },
      { who: 'lars-hegdalen' },
      { who: 'benedikte-raamyr' },
      { who: 'jorunn-sandlid' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'individuell-plan',
      title: 'Palliativ plan',
      from: -30,
      review: 5,
      author: 'ragnhild-tveitlid',
      custodian: 'solvik',
      contributors: ['kin:sonn', 'lars-hegdalen', 'benedikte-raamyr'],
      goals: ['hjemme', 'smerte', 'familie'],
    },
  ],
  goals: [
    { key: 'hjemme', words: 'Jeg vil være hjemme til det er slutt.', from: -30, achievement: 'sustaining', addresses: 'ord' },
    { key: 'smerte', words: 'Jeg vil ikke ha vondt når de snur meg.', from: -30, achievement: 'achieved', addresses: 'ord' },
    { key: 'familie', words: 'Jeg vil at Kjell skal få være sønn, ikke pleier.', from: -30, achievement: 'in-progress', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'skrin',
      type: 'legemidler',
      what: 'Medikamentskrin hjemme og avtale om smertepumpe',
      owner: 'lars-hegdalen',
      goal: 'smerte',
      status: 'completed',
      from: -28,
      due: -25,
      done: -26,
    },
    {
      key: 'natt',
      type: 'oppfolging-hjemme',
      what: 'Tilsyn hver fjerde time, fast nattevakt',
      owner: 'jorunn-sandlid',
      goal: 'familie',
      status: 'in-progress',
      from: -20,
      due: 10,
    },
    {
      key: 'lindrende',
      type: 'helsehjelp',
      what: 'Lindrende team på telefon, hjemmebesøk ved behov',
      owner: 'benedikte-raamyr',
      goal: 'smerte',
      status: 'in-progress',
      from: -28,
      due: 10,
    },
    {
      key: 'samtale',
      type: 'samarbeidsmote',
      what: 'Forhåndssamtale om behandling og hva familien trenger',
      owner: 'ragnhild-tveitlid',
      goal: 'hjemme',
      status: 'completed',
      from: -30,
      due: -28,
      done: -29,
    },
  ],
  cfs: [
    { day: -30, level: '7', rater: 'lars-hegdalen' },
    { day: -4, level: '8', rater: 'ragnhild-tveitlid' },
  ],
};

export const persons = [randi];
