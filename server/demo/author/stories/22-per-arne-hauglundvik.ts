/** A man of 55 with bipolar disorder and diabetes: two services together, and a report of need for more (BTI for adults). */
import type { PersonSpec } from '../spec.ts';

const perArne: PersonSpec = {
  id: 'per-arne-hauglundvik',
  given: 'Per Arne',
  family: 'Hauglundvik',
  gender: 'male',
  birthDate: '1971-11-11',
  home: 'granheim',
  street: 'Stasjonsvegen 15',
  gp: 'torgeir-bruheim',
  language: 'nn',
  consent: { day: -50 },
  whatMatters: [
    {
      key: 'ord',
      day: -48,
      words: 'Eg vil greie meg eit heilt år utan å bli lagt inn. Og ha nokon som seier frå før eg merkar det sjølv.',
    },
  ],
  team: {
    since: -50,
    managedBy: 'granheim',
    members: [
      { who: 'turid-lonnebakk', role: 'koordinator' },
      { who: 'patient' },
      { who: 'torgeir-bruheim' },
      { who: 'oddny-hovlid' },
      { who: 'ole-kristoffer-dalmo' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan',
      from: -46,
      to: 140,
      review: 45,
      author: 'turid-lonnebakk',
      custodian: 'granheim',
      contributors: ['oddny-hovlid', 'torgeir-bruheim'],
      goals: ['vinter', 'sukker', 'dag'],
    },
  ],
  goals: [
    { key: 'vinter', words: 'Eg vil greie meg eit år utan innlegging.', from: -46, achievement: 'in-progress', addresses: 'ord' },
    { key: 'sukker', words: 'Eg vil ha sukkeret under kontroll.', from: -46, achievement: 'improving', addresses: 'ord' },
    {
      key: 'dag',
      words: 'Eg vil ha noko fast å gå til.',
      from: -46,
      achievement: 'in-progress',
      addresses: 'ord',
      target: { activity: 0, score: 6, due: 60 },
    },
  ],
  measures: [
    {
      key: 'samtale',
      type: 'rus-psykisk-helse',
      what: 'Samtale heime kvar veke, liste over varselteikn på kjøleskapet',
      owner: 'turid-lonnebakk',
      goal: 'vinter',
      status: 'in-progress',
      from: -45,
      due: 140,
    },
    {
      key: 'litium',
      type: 'legemidler',
      what: 'Litiumspegel og nyreprøver kvar tredje månad',
      owner: 'torgeir-bruheim',
      goal: 'vinter',
      status: 'in-progress',
      from: -40,
      due: -4,
      state: 'Prøve ikkje teken',
    },
    {
      key: 'sukker',
      type: 'oppfolging-hjemme',
      what: 'Heimesjukepleie to gonger i veka: blodsukker og mat',
      owner: 'oddny-hovlid',
      goal: 'sukker',
      status: 'in-progress',
      from: -42,
      due: 60,
    },
    {
      key: 'dagsenter',
      type: 'nettverk-fritid',
      what: 'Plass på treverkstaden',
      owner: 'patient',
      goal: 'dag',
      status: 'accepted',
      from: 6,
      due: 6,
    },
  ],
  psfs: {
    conversations: [
      { day: -45, by: 'turid-lonnebakk' },
      { day: -8, by: 'turid-lonnebakk' },
    ],
    activities: [
      { name: 'Kome meg ut kvar dag', goal: 'dag', scores: [3, 4] },
      { name: 'Lage middag', scores: [4, 5] },
    ],
  },
  needs: [
    {
      key: 'team',
      type: 'individuell-plan',
      day: -6,
      by: 'turid-lonnebakk',
      to: 'granheim-ke',
      reason: 'Treng fleire tenester enn to, ønskjer individuell plan',
      status: 'active',
    },
  ],
};

export const persons = [perArne];
