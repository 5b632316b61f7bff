/**
 * One run of the validator over one resource: the issues found, and where in the content the check stands now.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome.html · https://hl7.org/fhirpath/ (issue expressions)
 */
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import type { Language } from '../fhir/language.ts';
import type { Issue, IssueCode, IssueSeverity } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { coreInvariantText } from './rules/core-invariants.ts';
import { RULES, type RuleId, ruleText } from './rules/rules.ts';
import type { Constraint } from './structure.ts';
import type { Property } from './type-plan.ts';

const RULE_SYSTEM = `${CANONICAL_BASE}/CodeSystem/fp-validation-rule`;
/** As many errors end a run; as many warnings are kept. */
const MAX_ISSUES = 1000;
const MAX_DEPTH = 200;
const FEW_ISSUES = 12;
/** How deep a trial goes into content; what lies deeper is checked as usual. */
export const TRIAL_DEPTH = 50;

/** Examples in a definition are there to be read: their form is checked, what they say is not content. */
const EXAMPLE_VALUE = /\.element\[\d+\]\.example\[\d+\]\.value\b/;
const OF_FORM: ReadonlySet<IssueCode> = new Set(['structure', 'required', 'too-costly']);

/** Thrown to leave a run whose bounds are reached; its last issue says which. */
export class RunStopped extends Error {}

/** Thrown to leave a trial whose check asks for what a trial does not know; one object, since making an error costs more than most trials. */
const IN_DOUBT = new Error('This is not decided by a trial');

/** A check that may be tried: true when nothing is wrong as far as it can tell; what it reports counts as well. */
type Trial<V, P> = (run: Run, value: V, plan: P) => boolean;

export interface RunOptions {
  readonly language: Language;
  /** How long expressions may take altogether. */
  readonly expressionMs: number;
  /** Whether checks are tried before they run: yes when left out. */
  readonly trials?: boolean;
  readonly advise?: boolean;
  readonly unknownExtensions: 'error' | 'warning';
  readonly referenceTypes: 'trusted' | 'resolved-only';
  readonly stored?: ReadonlyMap<string, Resource | null> | undefined;
  readonly wrongDisplays: 'error' | 'warning';
  readonly markdownHtml: 'error' | 'warning';
  readonly stringHtml: 'error' | 'information';
  /** Whether what is no error is told: yes when left out. */
  readonly errorsOnly?: boolean;
}

export class Run {
  readonly issues: Issue[] = [];
  readonly options: RunOptions;
  /** Resources from the outermost to the one being checked. */
  readonly resources: Resource[] = [];
  /** The urls of the extensions around where the check stands, outermost first. */
  readonly extensionUrls: unknown[] = [];
  /** In a trial, what holds the extension that is tried: the resource when undefined. */
  holder: Property | undefined;
  readonly #labels: string[] = [];
  readonly #indexes: number[] = [];
  readonly #elements: (Property | undefined)[] = [];
  readonly #profiles: [string, unknown][] = [];
  #trying = false;
  #doubt = false;
  #muted = 0;
  #mutedErrors = 0;
  #advising = false;
  #spentMs = 0;
  #errors = 0;
  #reported: Set<string> | undefined;

  constructor(options: RunOptions) {
    this.options = options;
  }

  /** Goes into a member. `index` is −1 when it is not in an array. */
  enter(label: string, index: number, property?: Property): void {
    this.#elements.push(property);
    if (this.#labels.push(label) > MAX_DEPTH) {
      this.report('too-deep', { limit: String(MAX_DEPTH) });
      throw new RunStopped();
    }
    this.#indexes.push(index);
  }

  leave(): void {
    this.#labels.pop();
    this.#indexes.pop();
    this.#elements.pop();
  }

  /** The properties gone through from the outermost resource to where the check stands; undefined for the resource itself. */
  get elements(): readonly (Property | undefined)[] {
    this.leaveTrial();
    return this.#elements;
  }

  /** Notes that a value is being checked against a profile; false when it is already. */
  enterProfile(profile: string, value: unknown): boolean {
    for (const [one, other] of this.#profiles) if (one === profile && other === value) return false;
    this.#profiles.push([profile, value]);
    return true;
  }

  leaveProfile(): void {
    this.#profiles.pop();
  }

  /** The innermost resource: %resource of an invariant. */
  get resource(): Resource {
    return this.resources[this.resources.length - 1]!;
  }

  /** The FHIRPath of where the check stands. */
  path(): string {
    this.leaveTrial();
    let path = '';
    for (let level = 0; level < this.#labels.length; level++) {
      const label = this.#labels[level]!;
      const index = this.#indexes[level]!;
      const dot = label.indexOf('.');
      const indexed = index < 0 ? label : dot < 0 ? `${label}[${index}]` : `${label.slice(0, dot)}[${index}]${label.slice(dot)}`;
      path += level === 0 ? indexed : `.${indexed}`;
    }
    return path;
  }

  /**
   * True when a check surely reports nothing here. It runs without it being known where it stands, and without telling
   * what it finds, which costs a fraction of the check itself; when this is false, the check is to be run as usual. What
   * asks for the place or for an expression that takes time leaves the trial.
   */
  surely<V, P>(trial: Trial<V, P>, value: V, plan: P): boolean {
    if (this.#trying) return trial(this, value, plan);
    if (this.options.trials === false || this.#muted > 0 || this.#labels.length > MAX_DEPTH - TRIAL_DEPTH) return false;
    const depth = this.#labels.length;
    const resources = this.resources.length;
    const urls = this.extensionUrls.length;
    const profiles = this.#profiles.length;
    this.#trying = true;
    this.#doubt = false;
    try {
      return trial(this, value, plan) && !this.#doubt;
    } catch (error) {
      if (error !== IN_DOUBT && !(error instanceof RunStopped)) throw error;
      return false;
    } finally {
      this.#trying = false;
      this.#backTo(depth, resources);
      if (this.extensionUrls.length !== urls) this.extensionUrls.length = urls;
      if (this.#profiles.length !== profiles) this.#profiles.length = profiles;
    }
  }

  /** True while issues only count: how many there are of one fault makes no difference. */
  get isUntold(): boolean {
    return this.#trying || this.#muted > 0;
  }

  /** True while a check is tried: what it reports only makes the trial fail. */
  get isTrying(): boolean {
    return this.#trying;
  }

  /** Ends a trial that does not know what it would have to; does nothing otherwise. */
  leaveTrial(): void {
    if (!this.#trying) return;
    this.#doubt = true;
    throw IN_DOUBT;
  }

  /** Runs a check whose issues do not count; true when it found no error. */
  isClean<V, C, P>(check: (run: Run, value: V, container: C, plan: P) => void, value: V, container: C, plan: P): boolean {
    const before = this.#mutedErrors;
    this.#muted++;
    const depth = this.#labels.length;
    const resources = this.resources.length;
    try {
      check(this, value, container, plan);
      return this.#mutedErrors === before;
    } finally {
      this.#muted--;
      this.#mutedErrors = before;
      this.#backTo(depth, resources);
    }
  }

  /** Leaves what a check that ended early has entered. Setting a length costs, also one that is the same. */
  #backTo(depth: number, resources: number): void {
    if (this.resources.length !== resources) this.resources.length = resources;
    if (this.#elements.length === depth) return;
    this.#labels.length = depth;
    this.#indexes.length = depth;
    this.#elements.length = depth;
  }

  /** Runs a check whose errors are told as warnings. */
  advised(check: () => void): void {
    this.#advising = true;
    try {
      check();
    } finally {
      this.#advising = false;
    }
  }

  /** Reports a broken rule of the table. */
  report(rule: RuleId, words: Readonly<Record<string, string>> = {}, severity: IssueSeverity = 'error', below = ''): void {
    if (this.#count(severity)) return;
    const { language } = this.options;
    const diagnostics = ruleText(rule, words, 'en');
    this.#add(severity, RULES[rule][0], rule, below, diagnostics, language === 'en' ? diagnostics : ruleText(rule, words, language));
  }

  /** Reports a broken rule at what holds the element. */
  reportAbove(rule: RuleId, words: Readonly<Record<string, string>>): void {
    const label = this.#labels.pop();
    const index = this.#indexes.pop();
    this.report(rule, words);
    if (label !== undefined) this.#labels.push(label);
    if (index !== undefined) this.#indexes.push(index);
  }

  /** Reports a broken invariant. */
  invariant({ key, human, translations, severity }: Omit<Constraint, 'expression'>, from: string): void {
    if (this.#count(severity)) return;
    const said = (language: Language) => translations?.[language] ?? coreInvariantText(key, from, language) ?? human;
    this.#add(severity, 'invariant', key, '', `${key}: ${said('en')} (from ${from})`, `${key}: ${said(this.options.language)}`);
  }

  /**
   * What an expression or a pattern gives; counts the time it took.
   * @throws RunStopped with an issue `too-costly` when all have taken too long, and what `evaluate` throws.
   */
  timed<T>(evaluate: () => T): T {
    this.leaveTrial();
    const startMs = performance.now();
    try {
      return evaluate();
    } finally {
      this.#spend(performance.now() - startMs);
    }
  }

  #spend(milliseconds: number): void {
    this.#spentMs += milliseconds;
    if (this.#spentMs < this.options.expressionMs) return;
    this.#muted = 0;
    this.report('too-costly', { seconds: String(this.options.expressionMs / 1000) });
    throw new RunStopped();
  }

  /** Counts an issue that is not told; false for one that is. */
  #count(severity: IssueSeverity): boolean {
    const isError = severity === 'error' || severity === 'fatal';
    if (this.#muted > 0) {
      if (isError) this.#mutedErrors++;
      return true;
    }
    if (this.options.errorsOnly === true && (!isError || this.#advising)) return true;
    if (this.#trying) this.#doubt = true;
    return this.#trying;
  }

  /** True when an issue has been told already. Few are looked through; a set is made of many. */
  #isTold(path: string, diagnostics: string): boolean {
    if (this.issues.length < FEW_ISSUES) {
      for (const issue of this.issues) if (issue.diagnostics === diagnostics && (issue.expression?.[0] ?? '') === path) return true;
      return false;
    }
    this.#reported ??= new Set(this.issues.map((issue) => `${issue.expression?.[0] ?? ''} ${issue.diagnostics}`));
    const key = `${path} ${diagnostics}`;
    if (this.#reported.has(key)) return true;
    this.#reported.add(key);
    return false;
  }

  #add(severity: IssueSeverity, code: IssueCode, rule: string, below: string, diagnostics: string, text: string): void {
    const isError = !this.#advising && (severity === 'error' || severity === 'fatal');
    if (!isError && this.issues.length - this.#errors >= MAX_ISSUES) return;
    const path = this.path() + below;
    if (!OF_FORM.has(code) && EXAMPLE_VALUE.test(path)) return;
    if (this.#isTold(path, diagnostics)) return;
    this.issues.push({
      severity: this.#advising && severity === 'error' ? 'warning' : severity,
      code,
      diagnostics,
      details: { coding: [{ system: RULE_SYSTEM, code: rule }], text },
      ...(path === '' ? {} : { expression: [path] }),
    });
    if (!isError || ++this.#errors < MAX_ISSUES) return;
    this.issues.push({
      severity: 'error',
      code: 'too-costly',
      diagnostics: ruleText('too-many-issues', { limit: String(MAX_ISSUES) }, 'en'),
    });
    throw new RunStopped();
  }
}
