/**
 * What every FHIR base of the process shares: definitions, search parameters, terminology and the validator.
 */
import { loadContent } from '../../terminology/service/content.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { openReleases, readReleases } from '../../terminology/service/releases.ts';
import type { TerminologyService } from '../../terminology/terminology-service.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { createSearchRegistry, type SearchRegistry } from '../search/registry.ts';
import { createValidator } from '../validation/create-validator.ts';
import type { Validator } from '../validation/validator.ts';

export interface Core {
  readonly definitions: Definitions;
  readonly searchRegistry: SearchRegistry;
  readonly terminology: TerminologyService;
  readonly validator: Validator;
}

/**
 * Reads what comes with the product, and the releases of code systems loaded into a data folder. Costs a few hundred
 * milliseconds; done once.
 * @throws Error naming a release that cannot be used.
 */
export function loadCore(dataFolder?: string): Core {
  const definitions = loadDefinitions();
  const terminology = createTerminology(loadContent(dataFolder === undefined ? [] : openReleases(readReleases(dataFolder))));
  return {
    definitions,
    searchRegistry: createSearchRegistry(definitions),
    terminology,
    validator: createValidator({ terminology }),
  };
}
