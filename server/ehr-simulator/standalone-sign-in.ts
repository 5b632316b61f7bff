/**
 * How users of a simulated EHR sign in when an app is started outside it: they choose who they are, as on its front
 * page, and then any patient of the record.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-standalone-launch
 */
import type { Choice, SignIn } from '../auth/sign-in/sign-in.ts';
import type { EhrPatient, EhrRecord } from './record.ts';
import type { UserSessions } from './user-session.ts';

/** The sign-in of an EHR over its record; each one opens a session of its own, in which `online_access` lives. */
export function standaloneSignIn(place: string, record: EhrRecord, sessions: UserSessions): SignIn {
  return {
    place,
    users: {
      kind: 'choice',
      async choices() {
        const users = await record.users();
        return users.map(({ roleId, name, role, organization }) => ({
          id: roleId,
          name,
          about: [role, organization].filter(Boolean).join(', '),
        }));
      },
      async enter(roleId) {
        const user = await record.user(roleId);
        if (user === undefined) return undefined;
        const { session } = await sessions.start({ roleId, practitionerId: user.practitionerId });
        return {
          accountId: user.practitionerId,
          name: user.name,
          sessionId: session.id,
          context: { need_patient_banner: true, ...(user.organizationNumber === undefined ? {} : { tenant: user.organizationNumber }) },
        };
      },
    },
    patients: async (_user, text) => (await record.patients(text)).map(choiceOf),
    async patient(_user, id) {
      const patient = await record.patient(id);
      return patient === undefined ? undefined : choiceOf(patient);
    },
  };
}

function choiceOf({ id, name, birthDate, address }: EhrPatient): Choice {
  return { id, name, about: address, ...(birthDate === '' ? {} : { birthDate }) };
}
