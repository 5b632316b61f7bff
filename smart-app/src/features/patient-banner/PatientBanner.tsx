/**
 * Who the person is; shown only when the EHR says that it shows no banner of its own.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context-parameters (need_patient_banner)
 */
import type { Patient } from '@medplum/fhirtypes';
import { HumanNameDisplay } from '@medplum/react';
import { PERSON_ID } from '../../fhir/canonicals.ts';
import { personIdentifier } from '../../fhir/identity.ts';
import { useLanguage } from '../../i18n/language-context.tsx';

/** National numbers are read in two groups: the date of birth and the rest. */
const grouped = (value: string): string => `${value.slice(0, 6)} ${value.slice(6)}`;

export default function PatientBanner({ patient }: { readonly patient: Patient }) {
  const { texts, day } = useLanguage();
  const identifier = personIdentifier(patient);
  const name = patient.name?.find((candidate) => candidate.use === 'official') ?? patient.name?.[0];
  return (
    <section className="fp-banner" aria-label={texts.patient.label}>
      <p className="fp-banner-name">{name === undefined ? texts.app.unknownName : <HumanNameDisplay value={name} />}</p>
      <dl>
        {patient.birthDate === undefined ? null : (
          <div>
            <dt>{texts.patient.born}</dt>
            <dd>{day(patient.birthDate)}</dd>
          </div>
        )}
        {identifier === undefined ? null : (
          <div>
            <dt>{identifier.system === PERSON_ID.dNumber ? texts.patient.dNumber : texts.patient.nationalId}</dt>
            <dd>{grouped(identifier.value)}</dd>
          </div>
        )}
        {patient.deceasedDateTime === undefined ? null : (
          <div>
            <dt>{texts.patient.deceased}</dt>
            <dd>{day(patient.deceasedDateTime)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
