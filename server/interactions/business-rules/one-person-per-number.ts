/**
 * A number belongs to one person. With two Patients of one national identity number, a record system's patient is neither,
 * and nobody is let in to either plan; with two Practitioners of one HPR number, or two Persons of one national identity
 * number at an organisation, whoever has it cannot sign in. Asked where the access rule is in force; at other bases a
 * number is what its EHR makes of it.
 *
 * Of Patients, it is the one refusal that tells of a person whom the caller may not know: a second record of the same person, with a
 * plan and a team of its own, would do them more harm. Who may begin a record knows the number already, and the refusal
 * is in the access log. Nothing of the other record is named. Of Persons, only those of the same keeper count: who works
 * at another organisation is not found out.
 *
 * Spec: https://hl7.org/fhir/R4/patient.html#resource · https://hl7.org/fhir/R4/practitioner.html#resource (identifier)
 */
import { isUnbound } from '../../auth/access-rule/actor.ts';
import { idOf, refers } from '../../auth/access-rule/directory.ts';
import { HPR_SYSTEM, NATIONAL_NUMBER_SYSTEMS } from '../../auth/ehr-identity.ts';
import type { Resource } from '../../fhir/resource.ts';
import { keptIdentifier } from '../../search/personal-number.ts';
import type { Clause, SearchQuery } from '../../search/query.ts';
import type { FhirContext } from '../context.ts';
import type { BusinessRule, Change } from './business-rule.ts';
import { type RuleWords, ruleBroken } from './rule-broken.ts';

interface Identifier {
  readonly system?: string;
  readonly value?: string;
}

type NumberOf = Identifier & { readonly use?: string };

/** A kind of person, and what their number is. */
interface Kind {
  readonly type: 'Patient' | 'Practitioner' | 'Person';
  readonly systems: readonly string[];
  /** Whether this caller is held to it. */
  readonly holds: (ctx: FhirContext) => boolean;
  readonly taken: RuleWords;
  /** Whose the person is, where a number may be noted once by each; all of the type together when left out. */
  readonly keeperOf?: (person: Resource | undefined) => string | undefined;
}

const OTHERS_AT_MOST = 10;

const PATIENT: Kind = {
  type: 'Patient',
  systems: NATIONAL_NUMBER_SYSTEMS,
  holds: (ctx) => ctx.access.writeRule !== undefined,
  taken: {
    en: 'This national identity number belongs to another Patient of the service. Report the need to the coordinating unit, which answers for the plan.',
    nb: 'Dette fødselsnummeret hører til en annen Patient i tjenesten. Meld behovet til koordinerende enhet, som har ansvaret for planen.',
    nn: 'Dette fødselsnummeret høyrer til ein annan Patient i tenesta. Meld behovet til koordinerande eining, som har ansvaret for planen.',
  },
};

const PRACTITIONER: Kind = {
  type: 'Practitioner',
  systems: [HPR_SYSTEM],
  holds: (ctx) => ctx.access.writeRule !== undefined && !isUnbound(ctx.principal),
  taken: {
    en: 'This HPR number belongs to another Practitioner of the service. Give that one a role; whoever runs the service corrects the number.',
    nb: 'Dette HPR-nummeret hører til en annen Practitioner i tjenesten. Gi en rolle til den; de som drifter tjenesten, retter nummeret.',
    nn: 'Dette HPR-nummeret høyrer til ein annan Practitioner i tenesta. Gje ei rolle til den; dei som driftar tenesta, rettar nummeret.',
  },
};

const STAFF: Kind = {
  type: 'Person',
  systems: NATIONAL_NUMBER_SYSTEMS,
  holds: PRACTITIONER.holds,
  taken: {
    en: 'Your organisation has a Person with this national identity number already. Change that one.',
    nb: 'Virksomheten har allerede en Person med dette fødselsnummeret. Endre den.',
    nn: 'Verksemda har alt ein Person med dette fødselsnummeret. Endre den.',
  },
  keeperOf: (person) => idOf(person?.managingOrganization, 'Organization'),
};

/** One Patient for each national identity number, whoever writes. */
export const onePatientPerNumber = perNumber(PATIENT);

/** One Practitioner for each HPR number, for all but those whom their scopes alone bind. */
export const onePractitionerPerNumber = perNumber(PRACTITIONER);

/** One Person of an organisation for each national identity number, for the same. */
export const oneOfStaffPerNumber = perNumber(STAFF);

function perNumber(kind: Kind): BusinessRule {
  const { type, holds, taken, keeperOf = () => undefined } = kind;
  return {
    types: [type],
    question(change, ctx) {
      const numbers = holds(ctx) ? newNumbers(kind, ctx, change) : [];
      return numbers.length === 0 ? undefined : holdersOf(type, numbers, keeperOf(change.after));
    },
    check(change, { ctx, changes, answer }) {
      const numbers = holds(ctx) ? newNumbers(kind, ctx, change) : [];
      if (numbers.length === 0) return;
      const keeper = keeperOf(change.after);
      const has = (person: Resource | undefined) =>
        keeperOf(person) === keeper && numbersOf(kind, ctx, person).some((each) => numbers.some((number) => isSame(each, number)));
      const changed = changes.filter((each) => each.type === type && each.id !== change.id);
      const standing = answer(holdersOf(type, numbers, keeper)).matches.filter(
        ({ id }) => id !== change.id && !changed.some((each) => each.id === id),
      );
      if (!standing.some(({ json }) => has(JSON.parse(json) as Resource)) && !changed.some(({ after }) => has(after))) return;
      throw ruleBroken(taken, ctx.language, `${type}.identifier`);
    },
  };
}

/** Whoever signs in is found by any number, old or not, of anybody, active or not; administration may keep what was merged. */
function numbersOf({ systems }: Kind, { principal }: FhirContext, person: Resource | undefined): readonly Identifier[] {
  if (person === undefined) return [];
  const identifiers = (person.identifier ?? []) as readonly NumberOf[];
  const counts = ({ use }: NumberOf): boolean => !isUnbound(principal) || (person.active !== false && use !== 'old');
  return identifiers
    .filter((number) => number.value !== undefined && systems.includes(number.system ?? '') && counts(number))
    .map(({ system = '', value = '' }) => ({ system, value: keptIdentifier(system, value) }));
}

/** The numbers that a change gives to this person. */
function newNumbers(kind: Kind, ctx: FhirContext, { before, after }: Change): readonly Identifier[] {
  const had = numbersOf(kind, ctx, before);
  return numbersOf(kind, ctx, after).filter((number) => !had.some((each) => isSame(each, number)));
}

function isSame(a: Identifier, b: Identifier): boolean {
  return a.system === b.system && a.value === b.value;
}

function holdersOf(type: string, numbers: readonly Identifier[], keeper: string | undefined): SearchQuery {
  const clauses = numbers.map(
    ({ system = '', value = '' }): Clause => ({ op: 'match', param: 'identifier', test: { kind: 'token', system, code: value } }),
  );
  const any: Clause = { op: 'or', clauses };
  const where: Clause = keeper === undefined ? any : { op: 'and', clauses: [any, refers('organization', 'Organization', keeper)] };
  return { types: [type], where, sort: [], limit: OTHERS_AT_MOST, total: 'none' };
}
