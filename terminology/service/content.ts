/**
 * The terminology content held: HL7's R4 from the compiled file, the Norwegian lists and the project's own, each
 * resource parsed when it is first asked for.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies.html
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { HeldCodeSystem } from '../terminology-service.ts';
import type { CodeSystem } from './code-system.ts';
import { type Json, textOf } from './json-values.ts';
import { PackedTexts } from './packed-texts.ts';
import { ResourceCodeSystem, tellsOfKinds } from './resource-code-system.ts';
import { ruleSystems } from './rule-systems.ts';
import { type ContentSource, ResolvedValueSet } from './value-set.ts';

const CORE_FILE = new URL('../content/r4/r4.json.br', import.meta.url);
const FOLDERS = [new URL('../content/norway/', import.meta.url), new URL('../../profiles/generated/', import.meta.url)];
const HELD = /(?:^|\/)(?:CodeSystem|ValueSet|ConceptMap)-[^/]*\.json$/;

/** Value sets that have a URL of their own and hold a whole code system. */
const WHOLE_SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['http://unitsofmeasure.org/vs', 'http://unitsofmeasure.org'],
  ['http://loinc.org/vs', 'http://loinc.org'],
]);
const LOINC = 'http://loinc.org';
const LOINC_VALUE_SETS = `${LOINC}/vs/`;
const SNOMED = 'http://snomed.info/sct';
const SNOMED_VALUE_SETS = `${SNOMED}?fhir_vs`;
const IMPLICIT_KEPT = 30;

/**
 * The value set behind a URL of SNOMED CT: all concepts, those below one, or those of a reference set.
 * Spec: https://hl7.org/fhir/R4/snomedct.html#implicit
 */
function snomedValueSet(url: string): Json | undefined {
  const [, kind, code = ''] = /^=(isa|refset)\/(\d{6,18})$/.exec(url.slice(SNOMED_VALUE_SETS.length)) ?? [];
  if (url !== SNOMED_VALUE_SETS && kind === undefined) return undefined;
  const filter = kind === undefined ? undefined : [{ property: 'concept', op: kind === 'isa' ? 'is-a' : 'in', value: code }];
  return { url, compose: { include: [{ system: SNOMED, ...(filter === undefined ? {} : { filter }) }] } };
}

/**
 * The value set behind a URL of LOINC: the answers of a list, or what is below a part.
 * Spec: https://hl7.org/fhir/R4/loinc.html#implicit
 */
function loincValueSet(url: string): Json | undefined {
  const [, code, kind] = /^((L[LP])\d+-\d)$/.exec(url.slice(LOINC_VALUE_SETS.length)) ?? [];
  if (code === undefined) return undefined;
  const filter = [kind === 'LL' ? { property: 'parent', op: '=', value: code } : { property: 'concept', op: 'descendent-of', value: code }];
  return { url, compose: { include: [{ system: LOINC, filter }] } };
}

function holdsCodes(codeSystem: Json): boolean {
  return codeSystem.content !== 'not-present' && codeSystem.content !== 'supplement';
}

function heldAs(resource: Json): HeldCodeSystem {
  const { url, version } = resource;
  return { url: textOf(url), isTaxonomy: tellsOfKinds(resource), ...(typeof version === 'string' ? { version } : {}) };
}

function withoutVersion(canonical: string): string {
  const bar = canonical.indexOf('|');
  return bar < 0 ? canonical : canonical.slice(0, bar);
}

export class TerminologyContent implements ContentSource {
  readonly #texts = new Map<string, () => string>();
  readonly #resources = new Map<string, Json>();
  readonly #systems = new Map<string, CodeSystem>();
  readonly #sets = new Map<string, ResolvedValueSet>();
  /** Those behind URLs that say themselves what is in them: anybody may ask for any, and each may list all codes of a release. */
  readonly #implicitSets = new Map<string, ResolvedValueSet>();
  readonly #resolving = new Set<string>();

  readonly #below: TerminologyContent | undefined;

  /** @param below - what is asked for what is not held here. */
  constructor(below?: TerminologyContent) {
    this.#below = below;
    if (below === undefined) for (const system of ruleSystems()) this.#systems.set(system.url, system);
  }

  /** Adds a resource whose JSON text `text` gives, to be parsed when it is asked for. */
  addText(type: string, url: string, text: () => string): void {
    this.#texts.set(`${type} ${url}`, text);
  }

  /**
   * Adds a resource; one of the same type and URL is replaced, but of a code system the versions before are still found by
   * URL and version. Value sets resolved before are resolved again.
   */
  add(resource: Json): void {
    const [type, url] = [textOf(resource.resourceType), textOf(resource.url)];
    const isVersion = type === 'CodeSystem' && typeof resource.version === 'string' && holdsCodes(resource);
    for (const canonical of isVersion ? [url, `${url}|${resource.version}`] : [url]) {
      this.#texts.delete(`${type} ${canonical}`);
      this.#resources.set(`${type} ${canonical}`, resource);
      // A package may say of a licensed code system only that it exists: a release loaded here stays.
      if (type === 'CodeSystem' && holdsCodes(resource)) this.#systems.delete(canonical);
    }
    this.#forgetSets();
  }

  /** Adds a code system that is not a resource: a loaded release. */
  addSystem(system: CodeSystem): void {
    this.#systems.set(system.url, system);
    this.#forgetSets();
  }

  /** The resource of a canonical. A few of HL7's own have the version in their URL: that is tried first. */
  resource(type: string, canonical: string): Json | undefined {
    const key = `${type} ${this.#urlOf(type, canonical)}`;
    const ready = this.#resources.get(key);
    if (ready !== undefined) return ready;
    const text = this.#texts.get(key);
    if (text === undefined) return this.#below?.resource(type, canonical);
    const resource = JSON.parse(text()) as Json;
    this.#resources.set(key, resource);
    this.#texts.delete(key);
    return resource;
  }

  /** The URL under which a canonical is held. */
  #urlOf(type: string, canonical: string): string {
    const isWhole = (content: TerminologyContent | undefined): boolean =>
      content !== undefined &&
      (content.#texts.has(`${type} ${canonical}`) || content.#resources.has(`${type} ${canonical}`) || isWhole(content.#below));
    return canonical.includes('|') && !isWhole(this) ? withoutVersion(canonical) : canonical;
  }

  /** All resources of a type. */
  resources(type: string): Json[] {
    const keys = new Set([...this.#texts.keys(), ...this.#resources.keys()]);
    const own = [...keys].filter((key) => key.startsWith(`${type} `)).map((key) => this.resource(type, key.slice(type.length + 1))!);
    const below = this.#below?.resources(type).filter(({ url }) => !keys.has(`${type} ${textOf(url)}`)) ?? [];
    return [...own, ...below];
  }

  codeSystem(canonical: string): CodeSystem | undefined {
    const url = this.#urlOf('CodeSystem', canonical);
    const ready = this.#systems.get(url);
    if (ready !== undefined) return ready;
    const isOwn = this.#texts.has(`CodeSystem ${url}`) || this.#resources.has(`CodeSystem ${url}`);
    if (!isOwn && this.#below !== undefined) return this.#below.codeSystem(url);
    const resource = this.resource('CodeSystem', url);
    if (resource === undefined || !holdsCodes(resource)) return undefined;
    const system = new ResourceCodeSystem(resource);
    this.#systems.set(url, system);
    return system;
  }

  /** What is held of each code system, but for its codes. Texts that are read for this are not kept: they are many. */
  codeSystems(): readonly HeldCodeSystem[] {
    const held = new Map<string, HeldCodeSystem>(this.#below?.codeSystems().map((each) => [each.url, each]));
    const add = (resource: Json): void => {
      if (resource.resourceType === 'CodeSystem' && holdsCodes(resource)) held.set(textOf(resource.url), heldAs(resource));
    };
    for (const [key, text] of this.#texts) if (key.startsWith('CodeSystem ')) add(JSON.parse(text()) as Json);
    for (const resource of this.#resources.values()) add(resource);
    for (const { url, version, isTaxonomy } of this.#systems.values()) {
      held.set(url, { url, isTaxonomy, ...(version === undefined ? {} : { version }) });
    }
    return [...held.values()];
  }

  #forgetSets(): void {
    this.#sets.clear();
    this.#implicitSets.clear();
  }

  valueSet(canonical: string): ResolvedValueSet | undefined {
    const url = withoutVersion(canonical);
    const ready = this.#sets.get(url) ?? this.#implicitSets.get(url);
    if (ready !== undefined) return ready;
    const held = this.resource('ValueSet', url);
    const resource = held ?? this.#implicit(url);
    if (resource === undefined || this.#resolving.has(url)) return undefined;
    this.#resolving.add(url);
    const resolved = new ResolvedValueSet(resource, this);
    this.#resolving.delete(url);
    if (held === undefined && this.#implicitSets.size >= IMPLICIT_KEPT) this.#implicitSets.clear();
    (held === undefined ? this.#implicitSets : this.#sets).set(url, resolved);
    return resolved;
  }

  /** The value set of all codes of a code system, where the system says its URL. */
  #implicit(url: string): Json | undefined {
    if (url.startsWith(SNOMED_VALUE_SETS)) return snomedValueSet(url);
    if (url.startsWith(LOINC_VALUE_SETS)) return loincValueSet(url);
    const system = WHOLE_SYSTEMS.get(url) ?? this.#systemWithValueSet(url);
    return system === undefined ? undefined : { url, compose: { include: [{ system }] } };
  }

  #systemWithValueSet(url: string): string | undefined {
    const resource = this.resource('CodeSystem', url);
    return resource?.valueSet === url ? url : undefined;
  }
}

/** The content that comes with the product, and the releases given. About 40 ms: texts are unpacked, not parsed. */
export function loadContent(releases: readonly CodeSystem[] = []): TerminologyContent {
  const content = new TerminologyContent();
  for (const release of releases) content.addSystem(release);
  const texts = new PackedTexts(CORE_FILE);
  for (const [place, [type, url]] of (JSON.parse(texts.line(0)) as [string, string][]).entries()) {
    content.addText(type, url, () => texts.line(place + 1));
  }
  for (const folder of FOLDERS) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (HELD.test(name)) content.add(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Json);
    }
  }
  return content;
}
