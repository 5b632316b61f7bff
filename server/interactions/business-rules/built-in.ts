/**
 * What comes with the service is not changed by its clients: a profile or code list that says one thing here and another
 * elsewhere is worth nothing. A new version comes with a new version of the service.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html#canonical
 */
import { BUILT_IN_TYPES, isOwn } from '../../validation/project-profiles.ts';
import type { BusinessRule } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

export const builtIn: BusinessRule = {
  types: BUILT_IN_TYPES,
  check({ type, before, after }, { ctx }) {
    if (![before, after].some((resource) => isOwn(String(resource?.url)))) return;
    const words = {
      en: `This ${type} comes with the service: definitions of others have URLs of their own`,
      nb: `Denne ${type} følger med tjenesten: andres definisjoner har egne URL-er`,
      nn: `Denne ${type} følgjer med tenesta: definisjonar frå andre har eigne URL-ar`,
    };
    throw ruleBroken(words, ctx.language, `${type}.url`);
  },
};
