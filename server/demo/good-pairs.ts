/**
 * Users and patients to begin with: each pair shows something of its own. The front page of the demo lists them; the table in
 * README.md of this folder names the same ones, which a test compares.
 */

import type { Language } from '../fhir/language.ts';

interface GoodPair {
  readonly ehr: 'hospital' | 'municipality';
  readonly user: string;
  readonly patient: string;
  /** What is seen, by language. */
  readonly shows: Readonly<Record<Language, string>>;
}

export const GOOD_PAIRS: readonly GoodPair[] = [
  {
    ehr: 'hospital',
    user: 'Silje Amundrud',
    patient: 'Ingrid Solberg',
    shows: {
      nb: 'hele planen, ti dager etter utskriving',
      nn: 'heile planen, ti dagar etter utskriving',
      en: 'the whole plan, ten days after discharge',
    },
  },
  {
    ehr: 'municipality',
    user: 'Hanne Vikestad',
    patient: 'Ingrid Solberg',
    shows: { nb: 'samme plan, samme versjon', nn: 'same plan, same versjon', en: 'the same plan, same version' },
  },
  {
    ehr: 'hospital',
    user: 'Gunnhild Storlid',
    patient: 'Ingrid Solberg',
    shows: {
      nb: 'ingen plan uten å være med i teamet, men nødtilgang med begrunnelse',
      nn: 'ingen plan utan å vere med i teamet, men naudtilgang med grunngiving',
      en: 'no plan without being in the team, but emergency access with a reason',
    },
  },
  {
    ehr: 'municipality',
    user: 'Lene Hovdestad',
    patient: 'Arne Kvamsdal',
    shows: {
      nb: 'egenbehandling i grønn, gul og rød sone',
      nn: 'eigenbehandling i grøn, gul og raud sone',
      en: 'self-management in a green, a yellow and a red zone',
    },
  },
  {
    ehr: 'municipality',
    user: 'Siri Lundemo',
    patient: 'Marit Haugstad',
    shows: { nb: 'PSFS over fire samtaler', nn: 'PSFS over fire samtalar', en: 'PSFS over four conversations' },
  },
  {
    ehr: 'hospital',
    user: 'Hilde Marie Sørlid',
    patient: 'Jonas Lindvik',
    shows: {
      nb: 'et barn med barnekoordinator, på nynorsk',
      nn: 'eit barn med barnekoordinator, på nynorsk',
      en: 'a child with children’s coordinator, in nynorsk',
    },
  },
  {
    ehr: 'hospital',
    user: 'Tina Haugsund',
    patient: 'Even Strandheim',
    shows: {
      nb: 'FACT-team, kriseplan og én ansatt som er sperret',
      nn: 'FACT-team, kriseplan og éin tilsett som er sperra',
      en: 'FACT team, crisis plan, and one employee blocked',
    },
  },
  {
    ehr: 'municipality',
    user: 'Tone Åkerlund',
    patient: 'Solveig Brekkhus',
    shows: {
      nb: 'ingen koordinator og ingen plan: to meldinger om behov er åpne',
      nn: 'ingen koordinator og ingen plan: to meldingar om behov er opne',
      en: 'no coordinator and no plan: two reports of need lie open',
    },
  },
  {
    ehr: 'municipality',
    user: 'Siri Lundemo',
    patient: 'Tor Egil Myrvang',
    shows: {
      nb: 'samtykket til innsyn er trukket tilbake',
      nn: 'samtykket til innsyn er trekt tilbake',
      en: 'consent to access withdrawn',
    },
  },
];
