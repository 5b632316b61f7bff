/**
 * Code systems that are a grammar or an international standard rather than a list: UCUM, BCP-47, BCP-13, ISO 4217, ISO 3166.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies-systems.html#external
 */
import { createRequire } from 'node:module';
import type { CodeSystem, Concept } from './code-system.ts';

interface Ucum {
  validateUnitString(unit: string): { status: string; unit?: { name?: string | null } };
}

let ucum: Ucum | undefined;

/** The UCUM library, loaded when the first unit is checked. */
function ucumLibrary(): Ucum {
  if (ucum === undefined) {
    const load = createRequire(import.meta.url);
    ucum = (load('@lhncbc/ucum-lhc') as { UcumLhcUtils: { getInstance(): Ucum } }).UcumLhcUtils.getInstance();
  }
  return ucum;
}

const LONGEST_CODE = 200;
const CODES_KEPT = 10_000;

type Naming = (code: string) => string | undefined;

/** A system whose codes are known by a rule: `name` gives the display of a right code and undefined for a wrong one. */
class RuleCodeSystem implements CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly complete = true;
  readonly isTaxonomy = true;
  readonly namedElsewhere = true;
  readonly propertyNames: readonly string[] = [];
  readonly #nameOf: Naming;
  readonly #codes: (() => readonly string[]) | undefined;
  readonly #known = new Map<string, Concept | undefined>();

  constructor(url: string, name: string, nameOf: Naming, codes?: () => readonly string[]) {
    this.url = url;
    this.name = name;
    this.#nameOf = nameOf;
    this.#codes = codes;
  }

  find(code: string): Concept | undefined {
    if (this.#known.has(code)) return this.#known.get(code);
    if (code.length > LONGEST_CODE) return undefined;
    const display = this.#nameOf(code);
    const concept =
      display === undefined
        ? undefined
        : {
            code,
            ...(display === '' ? {} : { display }),
            designations: [],
            abstract: false,
            inactive: false,
            parents: [],
            properties: [],
          };
    if (this.#known.size >= CODES_KEPT) this.#known.clear();
    this.#known.set(code, concept);
    return concept;
  }

  childrenOf(): readonly string[] {
    return [];
  }

  isBelow(): boolean {
    return false;
  }

  filter(): undefined {
    return undefined;
  }

  all(): Iterable<Concept> | undefined {
    return this.#codes?.()
      .map((code) => this.find(code))
      .filter((concept) => concept !== undefined);
  }
}

/** What UCUM is written with. Over anything else the library stumbles, and writes it to the console. */
const UNIT = /^(?!.*(?:__|\(\)))[!-~]{1,100}$/;
const unit = (code: string): string | undefined =>
  UNIT.test(code) && parenthesesMatch(code) && ucumLibrary().validateUnitString(code).status === 'valid' ? '' : undefined;

function parenthesesMatch(code: string): boolean {
  let open = 0;
  for (const sign of code) {
    open += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (open < 0) return false;
  }
  return open === 0;
}

function language(code: string): string | undefined {
  try {
    Intl.getCanonicalLocales(code);
  } catch {
    return undefined;
  }
  const primary = code.split('-', 1)[0]!.toLowerCase();
  if (primary === 'x' || primary === 'i') return '';
  return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(primary) === undefined ? undefined : '';
}

const MIME =
  /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9*][A-Za-z0-9!#$&^_.+*-]{0,126}(?:\s*;\s*[A-Za-z0-9!#$&^_.+-]+=(?:"[^"]*"|[^\s;"]+))*$/;
/** The short forms that FHIR itself uses for its formats. */
const FHIR_FORMATS = new Set(['json', 'xml', 'ttl', 'html']);
const mime = (code: string): string | undefined => (MIME.test(code) || FHIR_FORMATS.has(code) ? '' : undefined);

const currencies = new Set(Intl.supportedValuesOf('currency'));
const currency = (code: string): string | undefined =>
  currencies.has(code) ? new Intl.DisplayNames(['en'], { type: 'currency' }).of(code) : undefined;

function region(code: string): string | undefined {
  if (!/^(?:[A-Z]{2}|[A-Z]{3}|\d{3}|[A-Z]{2}-[A-Z0-9]{1,3})$/.test(code)) return undefined;
  if (code.length !== 2) return '';
  // Unicode's own for the unknown and for tests.
  if (['ZZ', 'XA', 'XB'].includes(code)) return undefined;
  return new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }).of(code);
}

/** All systems known by a rule. */
export function ruleSystems(): readonly CodeSystem[] {
  return [
    new RuleCodeSystem('http://unitsofmeasure.org', 'UCUM', unit),
    new RuleCodeSystem('urn:ietf:bcp:47', 'BCP-47', language),
    new RuleCodeSystem('urn:ietf:bcp:13', 'BCP-13', mime),
    new RuleCodeSystem('urn:iso:std:iso:4217', 'ISO 4217', currency, () => [...currencies]),
    new RuleCodeSystem('urn:iso:std:iso:3166', 'ISO 3166', region),
  ];
}
