/**
 * The TerminologyCapabilities: what the terminology operations know and take, made from what is held.
 *
 * Spec: https://hl7.org/fhir/R4/terminologycapabilities.html · https://hl7.org/fhir/R4/terminology-service.html
 */
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import { EXPANSION_PARAMETERS } from '../operations/expand.ts';

/** How `filter` is read. */
const TEXT_FILTER = [
  'Each word must stand somewhere in the code or in the display that is shown; of SNOMED CT, LOINC, ICD-10 and ICPC-2, in any term.',
  'Case and order do not count, and there are no wild cards.',
].join(' ');

/** What a parameter does here, where its name does not say it. */
const DOCUMENTATION: Readonly<Record<string, string>> = {
  displayLanguage: 'One language or several, the most wanted first; nb and nn stand in for each other',
  designation: 'A language, or a use as system|code',
  excludeNested: 'Expansions are always flat',
  excludeNotForUI: 'Leaves out abstract codes',
  excludePostCoordinated: 'Expressions are never listed',
};

/** The statement; `about` says whose it is. The code systems of each request (stored, or sent with it) are known as well. */
export function terminologyCapabilities(terminology: TerminologyService, about: Readonly<Record<string, unknown>>): object {
  return {
    resourceType: 'TerminologyCapabilities',
    ...about,
    codeSystem: terminology.codeSystems().map(({ url, version, isTaxonomy }) => ({
      uri: url,
      version: [{ ...(version === undefined ? {} : { code: version }), isDefault: true }],
      subsumption: isTaxonomy,
    })),
    expansion: {
      hierarchical: false,
      paging: true,
      incomplete: false,
      parameter: EXPANSION_PARAMETERS.map((name) => {
        const documentation = DOCUMENTATION[name];
        return { name, ...(documentation === undefined ? {} : { documentation }) };
      }),
      textFilter: TEXT_FILTER,
    },
    codeSearch: 'explicit',
    validateCode: { translations: true },
    translation: { needsMap: false },
  };
}
