/** A woman of 23 with Down syndrome moving to a shared flat; the plan is a draft until she has said yes to it. */
import type { PersonSpec } from '../spec.ts';

const mathilde: PersonSpec = {
  id: 'mathilde-ostbolid',
  given: 'Mathilde',
  family: 'Østbølid',
  gender: 'female',
  birthDate: '2003-09-13',
  home: 'solvik',
  street: 'Rådhusgata 25',
  gp: 'nadia-farahmand',
  kin: [{ key: 'mor', given: 'Britt', family: 'Østbølid', gender: 'female', relation: 'MTH', text: 'Mor' }],
  consent: { day: -15 },
  whatMatters: [
    {
      key: 'ord',
      day: -12,
      words: 'Jeg skal flytte til Rådhusgata med Pia og Jonas. Jeg vil ha lilla vegg. Jeg vil lage taco selv på fredager.',
    },
  ],
  team: {
    since: -15,
    managedBy: 'solvik',
    members: [
      { who: 'berit-osmund', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:mor' },
      { who: 'geir-hestmo' },
      { who: 'ivar-lokkedal', role: 'annen' },
      { who: 'nadia-farahmand' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'individuell-plan',
      title: 'Min plan',
      status: 'draft',
      from: -12,
      review: 9,
      author: 'berit-osmund',
      custodian: 'solvik',
      contributors: ['kin:mor', 'geir-hestmo'],
      goals: ['flytte', 'taco', 'jobb'],
    },
  ],
  goals: [
    { key: 'flytte', words: 'Jeg vil bo med Pia og Jonas.', from: -12, status: 'accepted', addresses: 'ord' },
    { key: 'taco', words: 'Jeg vil lage taco selv.', from: -12, status: 'proposed', addresses: 'ord' },
    { key: 'jobb', words: 'Jeg vil jobbe på kafeen tre dager.', from: -12, status: 'proposed', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'bolig',
      type: 'bolig',
      what: 'Leilighet i bofellesskapet, overtakelse om to måneder',
      owner: 'ivar-lokkedal',
      goal: 'flytte',
      status: 'accepted',
      from: 60,
      due: 62,
    },
    {
      key: 'tilvenning',
      type: 'hverdagsmestring',
      what: 'Overnatting på besøk annenhver fredag',
      owner: 'geir-hestmo',
      goal: 'flytte',
      status: 'requested',
      from: 5,
      due: 19,
    },
    {
      key: 'matkurs',
      type: 'hverdagsmestring',
      what: 'Oppskrift med bilder, øve på kjøkkenet',
      owner: 'kin:mor',
      goal: 'taco',
      status: 'in-progress',
      from: -10,
    },
    {
      key: 'kafe',
      type: 'arbeid-okonomi',
      what: 'Varig tilrettelagt arbeid på Kafé Kaia',
      owner: 'org:nav-solvik',
      goal: 'jobb',
      status: 'requested',
      from: 14,
      due: 30,
    },
  ],
  meetings: [
    {
      key: 'min-plan',
      what: 'Mathilde går gjennom planen og sier ja eller nei',
      day: 9,
      time: '15:00',
      minutes: 45,
      status: 'booked',
      with: ['kin:mor', 'berit-osmund', 'geir-hestmo'],
    },
  ],
};

export const persons = [mathilde];
