/**
 * A transaction Bundle of resources with ids of their own choosing: every entry is a PUT, so that a second load gives
 * the same data and not twice as much.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction
 */
import type { Resource } from '../../fhir/resource.ts';
import { ANCHOR_INSTANT } from './calendar.ts';

/** The transaction that creates `resources` on the server whose data live under `base`. @throws Error when two have one id. */
export function transactionBundle(id: string, base: string, resources: readonly Resource[]): Resource {
  const keys = resources.map((resource) => `${resource.resourceType}/${resource.id}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`${id} has ${twice} twice`);
  return {
    resourceType: 'Bundle',
    id,
    type: 'transaction',
    timestamp: ANCHOR_INSTANT,
    entry: resources.map((resource, index) => ({
      fullUrl: `${base}/${keys[index]}`,
      resource,
      request: { method: 'PUT', url: keys[index]! },
    })),
  };
}

const LINE_WIDTH = 140;

/** JSON as the repository keeps it: two spaces, and on one line what fits there. */
export function formatJson(value: unknown): string {
  return `${layOut(value, 0, 0)}\n`;
}

/** `indent` is that of the line the value begins on; `taken` counts what else stands on it, a comma after it included. */
function layOut(value: unknown, indent: number, taken: number): string {
  const flat = onOneLine(value);
  if (taken + flat.length <= LINE_WIDTH && !mustBreak(value)) return flat;
  if (typeof value !== 'object' || value === null) return flat;
  const inner = ' '.repeat(indent + 2);
  const entries = Array.isArray(value)
    ? value.map((item) => ['', item] as const)
    : Object.entries(value).map(([name, item]) => [`${JSON.stringify(name)}: `, item] as const);
  const lines = entries.map(([head, item], index) => {
    const comma = index < entries.length - 1 ? 1 : 0;
    return `${inner}${head}${layOut(item, indent + 2, inner.length + head.length + comma)}`;
  });
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${onOneLine(item)}`)
    .join(', ')} }`;
}

/** A list of several objects with several properties each is read one below the other, and so is a whole resource. */
function mustBreak(value: unknown): boolean {
  if (Array.isArray(value)) {
    const lists = value.length > 1 && value.every((item) => typeof item === 'object' && Object.keys(item).length > 1);
    return lists || value.some(mustBreak);
  }
  if (typeof value !== 'object' || value === null) return false;
  return 'resourceType' in value || Object.values(value).some(mustBreak);
}
