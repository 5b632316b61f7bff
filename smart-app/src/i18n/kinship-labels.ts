/**
 * Names of how a relative is related to the person, in the three languages.
 *
 * Spec: https://terminology.hl7.org/CodeSystem-v3-RoleCode.html (PersonalRelationshipRoleType)
 */
import type { Language } from './languages.ts';

type Names = Readonly<Record<Language, string>>;

const names = (nb: string, nn: string, en: string): Names => ({ nb, nn, en });

const MOTHER = names('Mor', 'Mor', 'Mother');
const FATHER = names('Far', 'Far', 'Father');
const CHILD = names('Barn', 'Barn', 'Child');
const SON = names('Sønn', 'Son', 'Son');
const DAUGHTER = names('Datter', 'Dotter', 'Daughter');
const SIBLING = names('Søsken', 'Sysken', 'Sibling');
const SPOUSE = names('Ektefelle', 'Ektefelle', 'Spouse');
const GUARDIAN = names('Verge', 'Verje', 'Guardian');

/** Codes of HL7's v3-RoleCode that say who somebody is to another. */
const RELATIONSHIP: Readonly<Record<string, Names>> = {
  PRN: names('Forelder', 'Forelder', 'Parent'),
  MTH: MOTHER,
  NMTH: MOTHER,
  FTH: FATHER,
  NFTH: FATHER,
  STPMTH: names('Stemor', 'Stemor', 'Stepmother'),
  STPFTH: names('Stefar', 'Stefar', 'Stepfather'),
  PRNFOST: names('Fosterforelder', 'Fosterforelder', 'Foster parent'),
  MTHFOST: names('Fostermor', 'Fostermor', 'Foster mother'),
  FTHFOST: names('Fosterfar', 'Fosterfar', 'Foster father'),
  CHILD,
  SON,
  SONC: SON,
  DAU: DAUGHTER,
  DAUC: DAUGHTER,
  SIB: SIBLING,
  BRO: names('Bror', 'Bror', 'Brother'),
  SIS: names('Søster', 'Syster', 'Sister'),
  SPS: SPOUSE,
  HUSB: names('Ektemann', 'Ektemann', 'Husband'),
  WIFE: names('Kone', 'Kone', 'Wife'),
  DOMPART: names('Samboer', 'Sambuar', 'Partner'),
  SIGOTHR: names('Partner', 'Partnar', 'Partner'),
  GRPRN: names('Besteforelder', 'Besteforelder', 'Grandparent'),
  GRMTH: names('Bestemor', 'Bestemor', 'Grandmother'),
  GRFTH: names('Bestefar', 'Bestefar', 'Grandfather'),
  GRNDCHILD: names('Barnebarn', 'Barnebarn', 'Grandchild'),
  AUNT: names('Tante', 'Tante', 'Aunt'),
  UNCLE: names('Onkel', 'Onkel', 'Uncle'),
  NIECE: names('Niese', 'Niese', 'Niece'),
  NEPHEW: names('Nevø', 'Nevø', 'Nephew'),
  COUSN: names('Søskenbarn', 'Syskenbarn', 'Cousin'),
  FAMMEMB: names('Familie', 'Familie', 'Family'),
  EXT: names('Familie', 'Familie', 'Family'),
  FRND: names('Venn', 'Ven', 'Friend'),
  NBOR: names('Nabo', 'Nabo', 'Neighbour'),
  ROOM: names('Bofelle', 'Bufelle', 'Roommate'),
  GUARD: GUARDIAN,
};

/** Codes of no-basis for relations within the family. */
const NO_BASIS_FAMILY: Readonly<Record<string, Names>> = {
  mor: MOTHER,
  far: FATHER,
  medmor: names('Medmor', 'Medmor', 'Co-mother'),
  barn: CHILD,
  søsken: SIBLING,
  ektefelleEllerPartner: names('Ektefelle eller partner', 'Ektefelle eller partnar', 'Spouse or partner'),
};

/** By code system. Marital status and parental responsibility, which may stand beside them, do not say who somebody is. */
export const KINSHIP_NAMES: Readonly<Record<string, Readonly<Record<string, Names>>>> = {
  'http://terminology.hl7.org/CodeSystem/v3-RoleCode': RELATIONSHIP,
  'http://hl7.no/fhir/CodeSystem/no-basis-family-relation': NO_BASIS_FAMILY,
};
