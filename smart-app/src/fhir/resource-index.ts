/**
 * Resources by reference: what a Bundle's `_include`s and later reads have brought.
 *
 * Spec: https://hl7.org/fhir/R4/references.html
 */
import type { Reference, Resource, ResourceType } from '@medplum/fhirtypes';

const LOCAL = /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/;

/** @returns `Type/id` of a relative or absolute reference; undefined for any other. */
export const referenceKey = (reference: Reference | string | undefined): string | undefined => {
  const text = typeof reference === 'string' ? reference : reference?.reference;
  return text === undefined ? undefined : LOCAL.exec(text)?.[1];
};

/** @returns `Type/id` of a resource. */
const resourceKey = (resource: Resource): string => `${resource.resourceType}/${resource.id ?? ''}`;

type Typed<T extends ResourceType> = Extract<Resource, { resourceType: T }>;

export class ResourceIndex {
  readonly #byKey = new Map<string, Resource>();

  constructor(resources: Iterable<Resource> = []) {
    this.add(resources);
  }

  add(resources: Iterable<Resource>): void {
    for (const resource of resources) this.#byKey.set(resourceKey(resource), resource);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** @returns the referenced resource when it is here and of the type. */
  get<T extends ResourceType>(type: T, reference: Reference | string | undefined): Typed<T> | undefined {
    const key = referenceKey(reference);
    const found = key === undefined ? undefined : this.#byKey.get(key);
    return found?.resourceType === type ? (found as Typed<T>) : undefined;
  }

  /** @returns all resources of a type, in the order they came. */
  all<T extends ResourceType>(type: T): Typed<T>[] {
    return [...this.#byKey.values()].filter((resource): resource is Typed<T> => resource.resourceType === type);
  }
}
