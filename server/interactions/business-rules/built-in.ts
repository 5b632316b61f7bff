/**
 * What comes with the service is not changed by its clients: a profile or code list that says one thing here and another
 * elsewhere is worth nothing. A new version comes with a new version of the service.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html#canonical
 */
import { businessRule } from '../../fhir/errors.ts';
import { BUILT_IN_TYPES, isOwn } from '../../validation/project-profiles.ts';
import type { BusinessRule } from './business-rule.ts';

export const builtIn: BusinessRule = {
  types: BUILT_IN_TYPES,
  check({ type, before, after }) {
    if (![before, after].some((resource) => isOwn(String(resource?.url)))) return;
    throw businessRule(`This ${type} comes with the service: definitions of others have URLs of their own`, `${type}.url`);
  },
};
