/**
 * A list as FHIR writes it in JSON: values under their name, and what primitive values have beside them (id, extensions) in
 * a second list under `_name`, in the same places. Whoever changes one changes both.
 *
 * Spec: https://hl7.org/fhir/R4/json.html#primitive
 */

type JsonObject = Record<string, unknown>;

/** One element; null where it has no value, or nothing beside it. */
export interface ListItem {
  readonly value: unknown;
  readonly beside: unknown;
}

/** The elements under a name; undefined when what is there is no list. */
export function itemsOf(container: JsonObject, key: string): ListItem[] | undefined {
  const values = container[key] ?? [];
  const beside = container[`_${key}`] ?? [];
  if (!Array.isArray(values) || !Array.isArray(beside)) return undefined;
  const length = Math.max(values.length, beside.length);
  return Array.from({ length }, (_, place) => ({ value: values[place] ?? null, beside: beside[place] ?? null }));
}

/** Puts the elements under the name; lists that would hold nothing are left out. */
export function keepItems(container: JsonObject, key: string, items: readonly ListItem[]): void {
  keep(
    container,
    key,
    items.map(({ value }) => value),
  );
  keep(
    container,
    `_${key}`,
    items.map(({ beside }) => beside),
  );
}

function keep(container: JsonObject, key: string, list: readonly unknown[]): void {
  if (list.some((each) => each !== null)) container[key] = list;
  else delete container[key];
}
