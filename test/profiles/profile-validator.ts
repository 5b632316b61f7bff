/**
 * The validator as the server makes it, with all terminology that ships.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

export const validator = createValidator({ terminology: createTerminology() });
