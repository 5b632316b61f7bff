/**
 * What this software is called, and which version it is: told by the capability statement and by the command.
 *
 * Spec: https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.software
 */
export const SOFTWARE = { name: 'Fellesplan', version: '0.1.0' } as const;
