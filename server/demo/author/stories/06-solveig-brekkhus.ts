/** A woman of 71 in hospital after a hip fracture, without a coordinator: the report of need lies open, and there is no plan yet. */
import type { PersonSpec } from '../spec.ts';

const solveig: PersonSpec = {
  id: 'solveig-brekkhus',
  given: 'Solveig',
  family: 'Brekkhus',
  gender: 'female',
  birthDate: '1955-12-02',
  home: 'solvik',
  street: 'Klokkarvika 9',
  gp: 'lars-hegdalen',
  kin: [{ key: 'sonn', given: 'Øystein', family: 'Brekkhus', gender: 'male', relation: 'SONC', text: 'Sønn, bor i utlandet' }],
  whatMatters: [
    {
      key: 'ord',
      day: -3,
      words:
        'Jeg har klart meg selv hele livet. Nå vet jeg ikke hvem jeg skal spørre om noe. Bare noen kunne sagt meg hva som skjer når jeg kommer hjem, og hvem som mater katten.',
    },
  ],
  cfs: [{ day: -3, level: '5', rater: 'henrik-walseth' }],
  needs: [
    {
      key: 'koordinator',
      type: 'koordinator',
      day: -3,
      by: 'camilla-roen',
      to: 'solvik-ke',
      reason:
        'Bor alene, hoftebrudd, diabetes og nedsatt syn. Trenger hjemmetjeneste, fysioterapi og hjelpemidler, og har ingen som samordner.',
      status: 'active',
    },
    {
      key: 'team',
      type: 'oppfolgingsteam',
      day: -3,
      by: 'camilla-roen',
      to: 'solvik-ke',
      reason: 'Flere tjenester må inn før utskriving',
      status: 'active',
    },
  ],
  messages: [
    {
      key: 'tidlig-varsel',
      type: 'tidlig-varsel',
      from: 'fjordheim-ortopedi',
      to: 'solvik-tildeling',
      day: -6,
      time: '11:30',
      received: 1,
      about: 'Innlagt med hoftebrudd, operert',
    },
    {
      key: 'helseopplysninger',
      type: 'helseopplysninger',
      from: 'fjordheim-ortopedi',
      to: 'solvik-hjemmetjeneste',
      day: -2,
      time: '14:45',
      received: 2,
      about: 'Går med rullator noen meter, trenger hjelp i stell og til insulin',
    },
    {
      key: 'utskrivningsklar',
      type: 'utskrivningsklar',
      from: 'fjordheim-ortopedi',
      to: 'solvik-tildeling',
      day: 0,
      time: '09:50',
      received: 1,
      about: 'Utskrivningsklar i dag',
    },
  ],
  meetings: [
    {
      key: 'avklaring',
      what: 'Avklaring med tildelingskontoret',
      day: 1,
      time: '10:00',
      minutes: 30,
      status: 'proposed',
      with: ['unni-skarbovik', 'camilla-roen', 'gunnhild-storlid'],
    },
  ],
};

export const persons = [solveig];
