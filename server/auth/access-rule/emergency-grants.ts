/**
 * Emergency access (break-the-glass) while it lasts: one person, one patient, until a time. Kept where all processes that
 * serve a database see it, and gone by itself when its time is up.
 */
import type { StateStore } from '../../store/state-store.ts';

export interface EmergencyGrant {
  readonly practitionerId: string;
  readonly patientId: string;
  /** The announcement of it. */
  readonly communicationId: string;
  readonly beganMs: number;
  readonly untilMs: number;
}

export interface EmergencyGrants {
  /** How long one lasts, in minutes. */
  readonly minutes: number;
  /** The live grant of a practitioner for a patient. */
  find(practitionerId: string, patientId: string): Promise<EmergencyGrant | undefined>;
  /** Notes a grant. @returns false when there is a live one already; of calls at the same moment exactly one gets true. */
  begin(grant: EmergencyGrant): Promise<boolean>;
  /** Ends it at once; nothing happens when there is none. */
  end(practitionerId: string, patientId: string): Promise<void>;
}

const KIND = 'emergency-access';

/** The grants kept in a state store. */
export function emergencyGrants(state: StateStore, minutes: number): EmergencyGrants {
  const idOf = (practitionerId: string, patientId: string) => `${practitionerId}/${patientId}`;
  return {
    minutes,
    async find(practitionerId, patientId) {
      return (await state.get(KIND, idOf(practitionerId, patientId)))?.value as EmergencyGrant | undefined;
    },
    begin(grant) {
      const { practitionerId, patientId, untilMs } = grant;
      return state.insertIfAbsent(KIND, idOf(practitionerId, patientId), { ...grant }, { expiresAtMs: untilMs });
    },
    end(practitionerId, patientId) {
      return state.remove(KIND, idOf(practitionerId, patientId));
    },
  };
}
