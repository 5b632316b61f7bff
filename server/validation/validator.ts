/**
 * The port to the validator: a resource in, issues out.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import type { Language } from '../fhir/language.ts';
import type { Issue } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';

export interface ValidateOptions {
  /** Canonical URLs to validate against besides the base definition. `meta.profile` is followed unless `followMetaProfile` is false. */
  readonly profiles?: readonly string[];
  readonly followMetaProfile?: boolean;
  /** Whether a resource that does not claim the project's profile for its kind is held against it, what it lacks being told as warnings: no when left out. */
  readonly advise?: boolean;
  /** The language of `details.text`; `diagnostics` are always English. English when left out. */
  readonly language?: Language;
  /** What an extension without a definition here is: a warning when left out. */
  readonly unknownExtensions?: 'error' | 'warning';
  /** Whether the type in a reference that leads out of the content is trusted, and so checked: yes when left out. */
  readonly referenceTypes?: 'trusted' | 'resolved-only';
  /** What references lead to outside the content, by their text; null where nothing stands, which is an error. Others are not looked for. */
  readonly stored?: ReadonlyMap<string, Resource | null>;
  /** What a display is that its code system does not have for the code: a warning when left out; HL7's validator takes it for an error. */
  readonly wrongDisplays?: 'error' | 'warning';
  /** What HTML inside markdown is: a warning when left out. */
  readonly markdownHtml?: 'error' | 'warning';
  /** What HTML inside other strings is: information when left out. */
  readonly stringHtml?: 'error' | 'information';
  /** Whether only errors are told: no when left out. Costs less, since nearly all content has something to be warned of. */
  readonly errorsOnly?: boolean;
}

export interface Validator {
  /**
   * Issues as they are found: what stands inside before what holds it, R4 before profiles; empty when valid. Never throws
   * on bad content: what is wrong with it is an issue.
   */
  validate(resource: unknown, options?: ValidateOptions): readonly Issue[];
}
