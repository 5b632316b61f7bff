/**
 * The national identity number of somebody who works in health or welfare is not stored where others read it: the
 * directory is for all who sign in, patients and relatives among them, and a search by number would tell who works here.
 * It stands on a Person, which is read by whoever keeps it (see person-access.ts). Refused and not left out, so that
 * nobody believes it stored. Asked where the access rule is in force, whoever writes; at other bases the directory is for
 * the staff of one EHR.
 *
 * Spec: https://hl7.org/fhir/R4/person.html · profiles/README.md
 */
import type { Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../context.ts';
import { type RuleWords, ruleBroken } from './rule-broken.ts';
import { mayTellNumber, type NumberPlace, staffNumberPlaces } from './staff-number-places.ts';

const DIRECTORY: RuleWords = {
  en: 'All who sign in read the directory, so it holds no national identity number. Leave it out. Who has an HPR number signs in by that; for others, the number is the identifier of a Person of its own, with link.target the Practitioner and managingOrganization your organisation.',
  nb: 'Alle som logger inn, leser katalogen, så den har ingen fødselsnumre eller D-numre. Utelat nummeret. Den som har HPR-nummer, logger inn med det; for andre er nummeret identifier på en egen Person, med Practitioner i link.target og egen virksomhet i managingOrganization.',
  nn: 'Alle som loggar inn, les katalogen, så han har ingen fødselsnummer eller D-nummer. Utelat nummeret. Den som har HPR-nummer, loggar inn med det; for andre er nummeret identifier på ein eigen Person, med Practitioner i link.target og eiga verksemd i managingOrganization.',
};
const IDENTIFIER: RuleWords = {
  en: 'A national identity number is the identifier of a Patient, RelatedPerson or Person, and of nothing else',
  nb: 'Et fødselsnummer eller D-nummer er identifier på en Patient, RelatedPerson eller Person, og ikke på noe annet',
  nn: 'Eit fødselsnummer eller D-nummer er identifier på ein Patient, RelatedPerson eller Person, og ikkje på noko anna',
};
const REFERENCE: RuleWords = {
  en: 'By a national identity number a reference names a patient or relative, and says so in type (Patient or RelatedPerson). Who works in health or welfare is named by reference, or by HPR number.',
  nb: 'Med fødselsnummer eller D-nummer navngir en referanse en pasient eller pårørende, og sier det i type (Patient eller RelatedPerson). Den som arbeider i tjenesten, navngis med reference eller HPR-nummer.',
  nn: 'Med fødselsnummer eller D-nummer namngir ein referanse ein pasient eller pårørande, og seier det i type (Patient eller RelatedPerson). Den som arbeider i tenesta, blir namngitt med reference eller HPR-nummer.',
};

/**
 * Refuses content that tells such a number; `json` is its text as it would be stored.
 * @throws FhirError 422 `business-rule` at the first number, without repeating it.
 */
export function refuseStaffNumbers(ctx: Pick<FhirContext, 'access' | 'definitions' | 'language'>, resource: Resource, json: string): void {
  if (ctx.access.writeRule === undefined) return;
  const { resourceType: type } = resource;
  // A Bundle is always looked through; within another type, only Parameters hold whole resources.
  const isContaining = resource.contained !== undefined || type === 'Parameters';
  if (!mayTellNumber(type, json, isContaining)) return;
  const [first] = staffNumberPlaces(resource, ctx.definitions);
  if (first !== undefined) throw ruleBroken(wordsFor(first), ctx.language, expressionOf(resource, first));
}

function wordsFor({ kind, inDirectory }: NumberPlace): RuleWords {
  if (kind === 'reference') return REFERENCE;
  return inDirectory ? DIRECTORY : IDENTIFIER;
}

function expressionOf({ resourceType }: Resource, { path }: NumberPlace): string {
  return path.reduce<string>((at, step) => (typeof step === 'number' ? `${at}[${step}]` : `${at}.${step}`), resourceType);
}
