/**
 * A consent that is in force says nothing that this service would not follow. A block whose actor is named in a way that
 * nobody is found by, or a permission for a part that the service does not tell from the rest, would be taken for what
 * it is not; so it is refused, and whoever writes it learns of it while they can still say it otherwise.
 *
 * Followed are: whom a permission or block names, by reference, and from when until when. Asked where the access rule is
 * in force, whoever writes.
 *
 * Spec: https://hl7.org/fhir/R4/consent.html · profiles/README.md
 */
import { namedActor } from '../../auth/access-rule/consent.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';
import type { BusinessRule } from './business-rule.ts';
import { type RuleWords, ruleBroken } from './rule-broken.ts';

/** What is said in a consent that would not be followed, and where. */
interface Unfollowed {
  readonly words: RuleWords;
  readonly expression: string;
}

const PATIENT: RuleWords = {
  en: 'A consent is found by its patient: a reference of the form Patient/id',
  nb: 'Et samtykke finnes igjen ved pasienten: en referanse på formen Patient/id',
  nn: 'Eit samtykke blir funne att ved pasienten: ein referanse på forma Patient/id',
};
const ACTOR: RuleWords = {
  en: 'Who may see, or may not, is named by a reference to this service: Organization, PractitionerRole, Practitioner, CareTeam, RelatedPerson or Patient, as Type/id. Nobody would be found by what stands here.',
  nb: 'Hvem som får se, eller ikke får se, navngis med en referanse til denne tjenesten: Organization, PractitionerRole, Practitioner, CareTeam, RelatedPerson eller Patient, som Type/id. Ingen ville bli funnet ved det som står her.',
  nn: 'Kven som får sjå, eller ikkje får sjå, blir namngitt med ein referanse til denne tenesta: Organization, PractitionerRole, Practitioner, CareTeam, RelatedPerson eller Patient, som Type/id. Ingen ville bli funnen ved det som står her.',
};
const NOBODY: RuleWords = {
  en: 'A block names whom it is for (actor)',
  nb: 'En sperring navngir hvem den gjelder (actor)',
  nn: 'Ei sperring namngir kven ho gjeld (actor)',
};
const LIMITED: RuleWords = {
  en: 'A permission is for the whole plan: this service follows whom it names and its period, and no other limits',
  nb: 'En tillatelse gjelder hele planen: denne tjenesten følger hvem den navngir og perioden, og ingen andre grenser',
  nn: 'Eit løyve gjeld heile planen: denne tenesta følgjer kven det namngir og perioden, og ingen andre grenser',
};

/** By these a permission would be for less than the whole; a block that has them is followed as one for all. */
const LIMITS = ['action', 'class', 'code', 'data', 'dataPeriod', 'purpose', 'securityLabel'];

export const consentFollowed: BusinessRule = {
  types: ['Consent'],
  check({ after }, { ctx }) {
    if (after?.status !== 'active' || ctx.access.writeRule === undefined) return;
    const unfollowed = whatIsNotFollowed(after);
    if (unfollowed !== undefined) throw ruleBroken(unfollowed.words, ctx.language, unfollowed.expression);
  },
};

function whatIsNotFollowed({ patient, provision }: Resource): Unfollowed | undefined {
  const reference = isObject(patient) ? patient.reference : undefined;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if (parsed?.kind !== 'local' || parsed.type !== 'Patient') return { words: PATIENT, expression: 'Consent.patient' };
  return isObject(provision) ? inProvision(provision, 'Consent.provision') : undefined;
}

function inProvision(provision: Readonly<Record<string, unknown>>, at: string): Unfollowed | undefined {
  const actors = objectsIn(provision.actor);
  if (provision.type === 'deny' && actors.length === 0) return { words: NOBODY, expression: at };
  const limit = LIMITS.find((element) => provision.type !== 'deny' && provision[element] !== undefined);
  if (limit !== undefined) return { words: LIMITED, expression: `${at}.${limit}` };
  const nobody = actors.findIndex((actor) => namedActor(actor) === undefined);
  if (nobody >= 0) return { words: ACTOR, expression: `${at}.actor[${nobody}].reference` };
  for (const [place, nested] of objectsIn(provision.provision).entries()) {
    const unfollowed = inProvision(nested, `${at}.provision[${place}]`);
    if (unfollowed !== undefined) return unfollowed;
  }
  return undefined;
}
