import { expect, it } from 'vitest';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { namedInSearch } from '../../server/interactions/named-in-search.ts';
import { resolve } from '../../server/interactions/resolve.ts';

const definitions = loadDefinitions();

function named(path: string): readonly string[] {
  const [place = '', query = ''] = path.split('?');
  const interaction = resolve('GET', place === '' ? [] : place.split('/'), definitions);
  return namedInSearch(interaction, { query: [...new URLSearchParams(query)] }).map(({ type, id }) => `${type}/${id}`);
}

it.each<[path: string, names: readonly string[]]>([
  ['CarePlan?patient=ida', ['Patient/ida']],
  ['CarePlan?subject=Patient/ida', ['Patient/ida']],
  ['CarePlan?subject:Patient=ida', ['Patient/ida']],
  ['CarePlan?patient=ida,eva', ['Patient/ida', 'Patient/eva']],
  ['CarePlan?_id=plan', ['CarePlan/plan']],
  ['Patient?_id=ida', ['Patient/ida']],
  ['?_type=CarePlan,Goal&_id=x', ['CarePlan/x', 'Goal/x']],
  ['CarePlan?subject:Patient._id=ida', ['Patient/ida']],
  ['CarePlan?patient._id=ida', ['Patient/ida']],
  ['PractitionerRole?_has:CareTeam:participant:patient=ida', ['Patient/ida']],
  ['Task?based-on=CarePlan/plan', ['CarePlan/plan']],
  ['Patient/ida/CarePlan', ['Patient/ida']],
  ['Patient/ida/CarePlan?_id=plan', ['Patient/ida']],
  ['CarePlan?status=active', []],
  ['Patient?family=Solberg', []],
  ['CarePlan?patient=a,b,c,d,e', []],
])('%s names %j', (path, names) => {
  expect(named(path)).toEqual(names);
});
