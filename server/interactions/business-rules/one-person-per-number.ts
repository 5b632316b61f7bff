/**
 * A national identity number belongs to one Patient: with two, a record system's patient is neither, and nobody is let in
 * to either plan. Asked where the access rule is in force; at other bases a number is what its EHR makes of it.
 *
 * It is the one refusal that tells of a person whom the caller may not know: a second record of the same person, with a
 * plan and a team of its own, would do them more harm. Who may begin a record knows the number already, and the refusal
 * is in the access log. Nothing of the other record is named.
 *
 * Spec: https://hl7.org/fhir/R4/patient.html#resource (identifier) · profile fp-patient
 */
import { NATIONAL_NUMBER_SYSTEMS } from '../../auth/ehr-identity.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { FhirContext } from '../context.ts';
import type { BusinessRule, Change } from './business-rule.ts';
import { ruleBroken } from './rule-broken.ts';

const TAKEN = {
  en: 'This national identity number belongs to another Patient of the service. Report the need to the coordinating unit, which answers for the plan.',
  nb: 'Dette fødselsnummeret hører til en annen Patient i tjenesten. Meld behovet til koordinerende enhet, som har ansvaret for planen.',
  nn: 'Dette fødselsnummeret høyrer til ein annan Patient i tenesta. Meld behovet til koordinerande eining, som har ansvaret for planen.',
};
const OTHERS_AT_MOST = 10;

interface Identifier {
  readonly system?: string;
  readonly value?: string;
}

function numbersOf(patient: Resource | undefined): readonly Identifier[] {
  if (patient === undefined || patient.active === false) return [];
  const identifiers = (patient.identifier ?? []) as readonly (Identifier & { readonly use?: string })[];
  return identifiers.filter(
    ({ system = '', value, use }) => value !== undefined && use !== 'old' && NATIONAL_NUMBER_SYSTEMS.includes(system),
  );
}

/** The numbers that a change gives to this Patient. */
function newNumbers({ before, after }: Change): readonly Identifier[] {
  const had = numbersOf(before);
  return numbersOf(after).filter((number) => !had.some((each) => isSame(each, number)));
}

function isSame(a: Identifier, b: Identifier): boolean {
  return a.system === b.system && a.value === b.value;
}

function holdersOf(numbers: readonly Identifier[]): SearchQuery {
  const clauses = numbers.map(
    ({ system = '', value = '' }): Clause => ({ op: 'match', param: 'identifier', test: { kind: 'token', system, code: value } }),
  );
  return { types: ['Patient'], where: { op: 'or', clauses }, sort: [], limit: OTHERS_AT_MOST, total: 'none' };
}

function applies(ctx: FhirContext): boolean {
  return ctx.access.writeRule !== undefined;
}

export const onePersonPerNumber: BusinessRule = {
  types: ['Patient'],
  question(change, ctx) {
    const numbers = applies(ctx) ? newNumbers(change) : [];
    return numbers.length === 0 ? undefined : holdersOf(numbers);
  },
  check(change, { ctx, changes, answer }) {
    const numbers = applies(ctx) ? newNumbers(change) : [];
    if (numbers.length === 0) return;
    const holds = (patient: Resource | undefined) => numbersOf(patient).some((each) => numbers.some((number) => isSame(each, number)));
    const changed = changes.filter(({ type, id }) => type === 'Patient' && id !== change.id);
    const standing = answer(holdersOf(numbers)).matches.filter(({ id }) => id !== change.id && !changed.some((each) => each.id === id));
    if (!standing.some(({ json }) => holds(JSON.parse(json) as Resource)) && !changed.some(({ after }) => holds(after))) return;
    throw ruleBroken(TAKEN, ctx.language, 'Patient.identifier');
  },
};
