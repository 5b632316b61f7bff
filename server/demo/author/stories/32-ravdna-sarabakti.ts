/** A Sami woman of 74 after heart surgery: her language, her family over two municipalities, and the reindeer. */
import type { PersonSpec } from '../spec.ts';

const ravdna: PersonSpec = {
  id: 'ravdna-sarabakti',
  given: 'Rávdná',
  family: 'Sárabákti',
  gender: 'female',
  birthDate: '1952-10-10',
  home: 'nordvag',
  street: 'Fjordbotnveien 70',
  gp: 'harald-nymoen',
  interpreter: ['se', 'Nordsamisk'],
  kin: [
    { key: 'datter', given: 'Máret', family: 'Sárabákti', gender: 'female', relation: 'DAUC', text: 'Datter', birthDate: '1978-01-14' },
  ],
  consent: { day: -34 },
  whatMatters: [
    {
      key: 'ord',
      day: -30,
      words:
        'Jeg vil snakke samisk når det er om hjertet. Jeg skal være med neste gang flokken flyttes, om så bare i bilen. (Sagt på nordsamisk, oversatt av tolk.)',
    },
  ],
  team: {
    since: -33,
    managedBy: 'nordvag',
    members: [
      { who: 'elle-karin-vuolabvarri', role: 'koordinator' },
      { who: 'patient' },
      { who: 'kin:datter' },
      { who: 'harald-nymoen' },
      { who: 'inga-miennavaara' },
      { who: 'jan-erik-moltuvik' },
      { who: 'ida-fredli' },
    ],
  },
  plans: [
    {
      key: 'plan',
      type: 'oppfolgingsplan',
      title: 'Oppfølgingsplan etter hjerteoperasjon',
      from: -30,
      to: 150,
      review: 18,
      author: 'elle-karin-vuolabvarri',
      custodian: 'nordvag',
      contributors: ['kin:datter', 'inga-miennavaara', 'ida-fredli'],
      goals: ['flytting', 'sprak', 'sar'],
    },
  ],
  goals: [
    {
      key: 'flytting',
      words: 'Jeg vil være med når flokken flyttes.',
      from: -30,
      achievement: 'improving',
      addresses: 'ord',
      target: { activity: 0, score: 6, due: 150 },
    },
    { key: 'sprak', words: 'Jeg vil ha samtalene om hjertet på samisk.', from: -30, achievement: 'in-progress', addresses: 'ord' },
    { key: 'sar', words: 'Såret skal gro.', from: -30, status: 'completed', achievement: 'achieved', addresses: 'ord' },
  ],
  measures: [
    {
      key: 'sarstell',
      type: 'helsehjelp',
      what: 'Sårstell tre ganger i uka',
      owner: 'inga-miennavaara',
      goal: 'sar',
      status: 'completed',
      from: -30,
      due: -10,
      done: -12,
    },
    {
      key: 'tolk',
      type: 'informasjon',
      what: 'Samisk tolk på video ved kontroll, skriftlig plan på nordsamisk',
      owner: 'elle-karin-vuolabvarri',
      goal: 'sprak',
      status: 'in-progress',
      from: -28,
      due: 11,
    },
    {
      key: 'gange',
      type: 'trening',
      what: 'Gå litt lenger hver uke, på lav og snø',
      owner: 'patient',
      goal: 'flytting',
      status: 'in-progress',
      from: -20,
      due: 100,
    },
    {
      key: 'kontroll',
      type: 'helsehjelp',
      what: 'Videokontroll med hjertepoliklinikken',
      owner: 'ida-fredli',
      goal: 'flytting',
      status: 'accepted',
      from: 11,
      due: 11,
    },
  ],
  psfs: {
    conversations: [
      { day: -28, by: 'inga-miennavaara' },
      { day: -4, by: 'inga-miennavaara' },
    ],
    activities: [
      { name: 'Gå til gjerdet og tilbake', goal: 'flytting', scores: [2, 5] },
      { name: 'Sy i en time', scores: [3, 5] },
    ],
  },
  messages: [
    {
      key: 'epikrise',
      type: 'epikrise',
      from: 'fjordheim-hjerte',
      to: 'nordvag-legekontor',
      day: -31,
      time: '11:55',
      received: 2,
      about: 'Epikrise utskrivingsdagen',
    },
  ],
  meetings: [
    {
      key: 'video',
      what: 'Videokontroll med samisk tolk',
      day: 11,
      time: '12:00',
      minutes: 40,
      status: 'booked',
      with: ['kin:datter', 'ida-fredli', 'elle-karin-vuolabvarri'],
    },
  ],
};

export const persons = [ravdna];
