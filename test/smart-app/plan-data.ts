/** The sample plan as the app holds it after fetching. */
import type { Resource } from '@medplum/fhirtypes';
import type { PlanData } from '../../smart-app/src/fhir/plan-data.ts';
import { ResourceIndex } from '../../smart-app/src/fhir/resource-index.ts';
import { patient, wholePlan } from './sample-plan.ts';

/** @returns the resources, by default the whole sample plan, sorted into their places. */
export function planData(resources: readonly Resource[] = wholePlan): PlanData {
  const index = new ResourceIndex(resources);
  return {
    patient,
    index,
    plans: index.all('CarePlan'),
    teams: index.all('CareTeam'),
    goals: index.all('Goal'),
    tasks: index.all('Task'),
    observations: index.all('Observation'),
    consents: index.all('Consent'),
    needReports: index.all('ServiceRequest'),
    meetings: index.all('Appointment'),
    messages: index.all('Communication'),
    changes: index.all('Provenance'),
    fetchedAtMs: Date.now(),
  };
}
