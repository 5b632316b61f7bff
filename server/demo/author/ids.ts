/** The ids of a story's resources: the person's id and what the thing is, so that a reader of a log knows it again. */
import type { PersonSpec } from './spec.ts';

export const teamId = (person: PersonSpec): string => `${person.id}-team`;
export const planId = (person: PersonSpec, key: string): string => `${person.id}-${key}`;
export const wordsId = (person: PersonSpec, key: string): string => `${person.id}-viktig-${key}`;
export const goalId = (person: PersonSpec, key: string): string => `${person.id}-mal-${key}`;
export const measureId = (person: PersonSpec, key: string): string => `${person.id}-tiltak-${key}`;
export const psfsId = (person: PersonSpec, index: number): string => `${person.id}-psfs-${index + 1}`;
export const psfsPanelId = (person: PersonSpec, index: number): string => `${psfsId(person, index)}-samtale`;
export const cfsScoreId = (person: PersonSpec, index: number): string => `${person.id}-cfs-${index + 1}`;
export const consentId = (person: PersonSpec, purpose: string): string => `${person.id}-samtykke-${purpose}`;
