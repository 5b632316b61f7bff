/**
 * How fast a loaded SNOMED CT answers: a made release of 500,000 concepts in RF2, loaded as any other, then asked.
 */
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRelease } from '../../terminology/import/import-release.ts';
import { loadContent } from '../../terminology/service/content.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { openReleases, readReleases, releaseFileName, releaseFolder } from '../../terminology/service/releases.ts';
import type { Report } from './report.ts';

const CONCEPTS = 500_000;
const MOST_MS = 20;
const SCT = 'http://snomed.info/sct';

/** Adds a row for each question to the report; one about the hierarchy takes at most 20 ms. */
export async function measureTerminology(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fellesplan-terminology-'));
  try {
    await measure(report, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(report: Report, folder: string): Promise<void> {
  /** A question about the hierarchy. */
  const question = (what: string, ask: () => unknown): void => askOften(report, what, 1, ask);
  const seek = (what: string, ask: () => unknown): void => askOften(report, what, 0, ask);
  const release = join(folder, 'SnomedCT_Release');
  await timed('writing a made release', () => writeRelease(release));
  await timed('loading it (import-terminology)', () => importRelease({ system: 'snomed', path: release, dataFolder: folder }));
  console.log(`its file: ${(statSync(join(releaseFolder(folder), releaseFileName('snomed'))).size / 1e6).toFixed(0)} MB`);
  const before = process.memoryUsage().rss;
  const releases = await timed('reading it at a start', () => openReleases(readReleases(folder)));
  console.log(`memory for it: ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB`);
  const service = createTerminology(loadContent(releases));
  const isa = (number: number): string => `${SCT}?fhir_vs=isa/${codeOf(number)}`;
  const below = (op: string, number: number) => ({
    resourceType: 'ValueSet',
    compose: { include: [{ system: SCT, filter: [{ property: 'concept', op, value: codeOf(number) }] }] },
  });
  const page = { count: 100, offset: 0 };
  question('is-a: is a leaf below the root', () => service.membershipIn(below('is-a', 0), SCT, codeOf(CONCEPTS - 1)));
  question('descendant-of: is a leaf below a concept it is not below', () =>
    service.membershipIn(below('descendent-of', 3), SCT, codeOf(CONCEPTS - 2)),
  );
  question('is-a: membership by the URL of the value set', () => service.membership(isa(5), SCT, codeOf(CONCEPTS - 1)));
  question('subsumes: root and leaf', () => service.subsumes(SCT, codeOf(0), codeOf(CONCEPTS - 1)));
  question('is-a: a page of 100 of all concepts', () => service.expand({ valueSet: below('is-a', 0), ...page }));
  question('descendant-of: a page of 100 from the middle', () =>
    service.expand({ valueSet: below('descendent-of', 0), count: 100, offset: 250_000 }),
  );
  question('descendant-of: a page of 100 of a fifth', () => service.expand({ valueSet: below('descendent-of', 2), ...page }));
  const all = `${SCT}?fhir_vs`;
  const words = { valueSet: all, count: 20, displayLanguage: 'nb' };
  seek('text: a rare word among all concepts', () => service.expand({ ...words, filter: '123456' }));
  seek('text: two words, in all concepts', () => service.expand({ ...words, filter: 'begrep made' }));
  seek('active only: a page of 20 of all concepts', () => service.expand({ ...words, activeOnly: true }));
  question('lookup', () => service.lookup({ system: SCT, code: codeOf(123_456) }, 'nb'));
}

/** Asks many times, after warming up, and adds how long that took as a row; `target` 1 holds the median against the bound. */
function askOften(report: Report, what: string, target: 0 | 1, ask: () => unknown): void {
  for (let turn = 0; turn < 5; turn++) ask();
  const times: number[] = [];
  for (let turn = 0; turn < 50; turn++) {
    const startMs = performance.now();
    ask();
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [times[25]!, times[47]!, times[49]!];
  report.add({ workload: `terminology: ${what}`, perSecond: Number.NaN, p50, p95, p99, ratio: p50 / MOST_MS, target, atMost: true });
}

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - startMs) / 1000).toFixed(2)} s`);
  return result;
}

function codeOf(number: number): string {
  return String(100_000_000 + number * 17);
}

/** Every concept but the root has a parent, and every third has two: about as deep and as branched as SNOMED CT. */
function parentsOf(number: number): readonly number[] {
  const first = Math.floor((number - 1) / 5);
  return number % 3 === 0 && first > 1 ? [first, Math.floor(first / 2)] : [first];
}

async function writeRelease(target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const rest = '20260101\t1\t900000000000207008';
  await rows(
    join(target, 'sct2_Concept_Snapshot_INT_20260101.txt'),
    'id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId',
    function* () {
      for (let n = 0; n < CONCEPTS; n++) yield `${codeOf(n)}\t${rest}\t900000000000074008`;
    },
  );
  const head = 'id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId';
  await rows(join(target, 'sct2_Description_Snapshot-en_INT_20260101.txt'), head, function* () {
    for (let n = 0; n < CONCEPTS; n++) {
      yield `${n}1\t${rest}\t${codeOf(n)}\ten\t900000000000003001\tMade concept number ${n} (finding)\t900000000000448009`;
      yield `${n}2\t${rest}\t${codeOf(n)}\ten\t900000000000013009\tMade concept number ${n}\t900000000000448009`;
      yield `${n}3\t${rest}\t${codeOf(n)}\tnb\t900000000000013009\tLaget begrep nummer ${n}\t900000000000448009`;
    }
  });
  const languageHead = 'id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId';
  await rows(join(target, 'der2_cRefset_LanguageSnapshot-en_INT_20260101.txt'), languageHead, function* () {
    for (let n = 0; n < CONCEPTS; n++) yield `${n}\t${rest}\t900000000000509007\t${n}2\t900000000000548007`;
  });
  const relationHead =
    'id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId';
  await rows(join(target, 'sct2_Relationship_Snapshot_INT_20260101.txt'), relationHead, function* () {
    for (let n = 1; n < CONCEPTS; n++) {
      for (const parent of parentsOf(n))
        yield `${n}4\t${rest}\t${codeOf(n)}\t${codeOf(parent)}\t0\t116680003\t900000000000011006\t900000000000451002`;
      yield `${n}5\t${rest}\t${codeOf(n)}\t${codeOf(n % 1000)}\t1\t363698007\t900000000000011006\t900000000000451002`;
    }
  });
}

async function rows(file: string, head: string, lines: () => Iterable<string>): Promise<void> {
  const stream = createWriteStream(file);
  let part = `${head}\n`;
  for (const line of lines()) {
    part += `${line}\n`;
    if (part.length < 1_000_000) continue;
    if (!stream.write(part)) await once(stream, 'drain');
    part = '';
  }
  await new Promise<void>((done) => stream.end(part, () => done()));
}
