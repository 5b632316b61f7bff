import { expect, it } from 'vitest';
import { securityContextIn } from '../../server/fhir/security-context.ts';

const binary = (more: object): string => JSON.stringify({ resourceType: 'Binary', id: 'b', contentType: 'text/plain', ...more });
const letter = { type: 'DocumentReference', id: 'letter' };

it.each<[why: string, text: string, expected: object | undefined]>([
  ['a resource of this server', binary({ securityContext: { reference: 'DocumentReference/letter' } }), letter],
  ['a version of it', binary({ securityContext: { reference: 'DocumentReference/letter/_history/2' } }), letter],
  ['an absolute URL', binary({ securityContext: { reference: 'https://x.example/fhir/DocumentReference/letter' } }), letter],
  ['behind the content', binary({ data: 'AAAA', securityContext: { reference: 'DocumentReference/letter' } }), letter],
  [
    'with something before it',
    binary({ securityContext: { type: 'a "{}" b', display: 'c', reference: 'DocumentReference/letter' } }),
    letter,
  ],
  [
    'a text that looks like one',
    binary({
      contentType: 'x; a="securityContext":{"reference":"Patient/p1"}',
      securityContext: { reference: 'DocumentReference/letter' },
    }),
    letter,
  ],
  ['such a text alone', binary({ contentType: 'x; a="securityContext":{"reference":"Patient/p1"}' }), undefined],
  [
    'with an extension before it',
    binary({ securityContext: { extension: [{ url: 'x', valueString: 'y' }], reference: 'DocumentReference/letter' } }),
    letter,
  ],
  ['none', binary({ data: 'AAAA' }), undefined],
  ['an identifier alone', binary({ securityContext: { display: 'x' }, data: '"reference":"Patient/p1"' }), undefined],
  ['something contained', binary({ securityContext: { reference: '#x' } }), undefined],
])('the security context in the text of a Binary is read: %s', (_why, text, expected) => {
  expect(securityContextIn(text)).toEqual(expected);
});

it('is looked for in a large Binary at little cost', () => {
  const text = binary({ data: 'A'.repeat(20_000_000) });
  securityContextIn(text);
  const before = process.cpuUsage();
  for (let times = 0; times < 5; times += 1) securityContextIn(text);
  expect(process.cpuUsage(before).user / 5000).toBeLessThan(50);
});
