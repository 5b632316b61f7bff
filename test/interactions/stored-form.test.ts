/** In which form a resource is stored [R4 resource#Meta]. */
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { storedText } from '../../server/interactions/stored-form.ts';

const CHANGED_MS = Date.UTC(2026, 2, 1, 12);
const CHANGED = '"versionId":"2","lastUpdated":"2026-03-01T12:00:00.000Z"';

/** The same from the text that was sent and from the value alone. */
function stored(text: string): readonly string[] {
  const resource = parseJson(text) as Resource;
  return [storedText(resource, 'g1', 2, CHANGED_MS, text), storedText(resource, 'g1', 2, CHANGED_MS)];
}

describe('the text that is stored', () => {
  it.each([
    [
      'in the customary order',
      '{"resourceType":"Goal","id":"g1","meta":{"profile":["https://p"]},"note":[]}',
      '"profile":["https://p"]},"note":[]}',
    ],
    [
      'with a version of its own',
      '{"resourceType":"Goal","id":"g1","meta":{"versionId":"7","source":"s","lastUpdated":"x"},"a":1.50}',
      '"source":"s"},"a":1.50}',
    ],
    ['without meta', '{"resourceType":"Goal","id":"g1","status":"å \\" \\n"}', '},"status":"å \\" \\n"}'],
    ['without id', '{"resourceType":"Goal","meta":{"source":"s"},"a":{"id":"x"}}', '"source":"s"},"a":{"id":"x"}}'],
    ['with another id', '{"resourceType":"Goal","id":"sent","status":"active"}', '},"status":"active"}'],
    ['with nothing else', '{"resourceType":"Goal"}', '}}'],
    ['with nothing behind meta', '{"resourceType":"Goal","meta":{}}', '}}'],
    ['with an exact decimal in meta', '{"resourceType":"Goal","meta":{"extension":[1.00]}}', '"extension":[1.00]}}'],
    ['with a meta that is none', '{"resourceType":"Goal","meta":"none","a":1}', '},"a":1}'],
    ['in another order', '{"meta":{"source":"s"},"status":"active","id":"g1","resourceType":"Goal"}', '"source":"s"},"status":"active"}'],
    ['with meta before id', '{"resourceType":"Goal","meta":{"source":"s"},"id":"g1","a":1}', '"source":"s"},"a":1}'],
    ['with id at the end', '{"resourceType":"Goal","a":1,"id":"g1"}', '},"a":1}'],
    ['with an id that cannot be', '{"resourceType":"Goal","id":"\\"","a":1}', '},"a":1}'],
    ['with a number for an id', '{"resourceType":"Goal","id":5,"a":1}', '},"a":1}'],
  ])('has id, version and time of what was sent %s', (_how, text, rest) => {
    const begin = `{"resourceType":"Goal","id":"g1","meta":{${CHANGED}`;
    const comma = rest.startsWith('}') ? '' : ',';
    expect(stored(text)).toEqual([`${begin}${comma}${rest}`, `${begin}${comma}${rest}`]);
  });
});
