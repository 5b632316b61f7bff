/**
 * Resources for measuring a store alone, made of numbers: patients with nineteen observations each, and searches of them.
 * What is observed at one visit is written together; between two visits of a patient everybody else has theirs, so that
 * what belongs to a patient lies in four places anywhere in the file.
 */
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore, ResourceWrite } from '../../server/store/resource-store.ts';

const OBSERVATIONS_EACH = 19;
const OBSERVED_AT_A_VISIT = 5;
export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2024, 0, 1);
const FILLER = 'x'.repeat(1200);

const token = (param: string, system: string | null, code: string): IndexEntry => ({ kind: 'token', param, system, code });
const text = (param: string, value: string): IndexEntry => ({ kind: 'string', param, value, normalized: value.toLowerCase() });
const when = (param: string, low: number): IndexEntry => ({ kind: 'range', param, low, high: low + DAY_MS - 1 });
const points = (param: string, type: string, id: string): IndexEntry => ({ kind: 'reference', param, type, id, url: null });

/** A number that has nothing to do with the others of the same `n`. */
const scattered = (n: number, salt: number): number => (Math.imul(n + salt * 7919, 2_654_435_761) ^ ((n * salt) >> 3)) >>> 3;

/** About `resources` of them, one in twenty a patient. */
export class StorePopulation {
  readonly patients: number;
  readonly observations: number;

  constructor(resources: number) {
    this.patients = Math.ceil(resources / (OBSERVATIONS_EACH + 1));
    this.observations = this.patients * OBSERVATIONS_EACH;
  }

  observation(n: number, versionId = 1): ResourceWrite {
    const about = `p${Math.floor(n / OBSERVED_AT_A_VISIT) % this.patients}`;
    const index = [
      token('status', 'http://hl7.org/fhir/observation-status', versionId === 1 ? 'final' : 'amended'),
      token('category', 'http://terminology.hl7.org/CodeSystem/observation-category', n % 3 === 0 ? 'survey' : 'vital-signs'),
      token('code', 'http://snomed.info/sct', `c${scattered(n, 3) % 40}`),
      token('identifier', 'urn:uuid', `o${n}`),
      points('subject', 'Patient', about),
      points('patient', 'Patient', about),
      points('performer', 'Practitioner', `pr${n % 300}`),
      when('date', START_MS + (scattered(n, 5) % 700) * DAY_MS),
      { kind: 'quantity' as const, param: 'value-quantity', low: n % 10, high: n % 10, system: null, code: '1' },
    ];
    return resource('Observation', `o${n}`, versionId, index);
  }

  /** Puts all into the store, fifty in a transaction. @returns how many a second. */
  async load(store: ResourceStore): Promise<number> {
    const total = this.patients + this.observations;
    let next = 0;
    const startedMs = performance.now();
    const client = async (): Promise<void> => {
      while (next < total) {
        const first = next;
        next += 50;
        const numbers = Array.from({ length: Math.min(50, total - first) }, (_, k) => first + k);
        await write(
          store,
          numbers.map((n) => (n < this.patients ? patient(n) : this.observation(n - this.patients))),
        );
      }
    };
    await Promise.all(Array.from({ length: 4 }, client));
    return (total * 1000) / (performance.now() - startedMs);
  }

  /** Somebody of those who are there. */
  spread(n: number): number {
    return (n * 7919) % this.patients;
  }

  ofPatient(n: number): Clause {
    return { op: 'match', param: 'patient', test: { kind: 'reference', type: 'Patient', id: `p${n % this.patients}` } };
  }

  /** Requests that find few resources, however many there are, below the base. */
  requests(): Readonly<Record<string, (n: number) => string>> {
    return {
      'identifier, one hit': (n) => `Patient?identifier=urn:local|mrn${this.spread(n)}`,
      'patient + code, newest 20': (n) => `Observation?patient=p${this.spread(n)}&code=c${n % 40}&_sort=-date&_count=20`,
      'patient, newest 20': (n) => `Observation?patient=p${this.spread(n)}&_sort=-date&_count=20`,
      'chained: patient.identifier': (n) => `Observation?patient.identifier=urn:local|mrn${this.spread(n)}`,
      '_has: Observation with identifier': (n) => `Patient?_has:Observation:patient:identifier=urn:uuid|o${this.spread(n)}`,
    };
  }

  /** The same as searches of the store. */
  selective(): Readonly<Record<string, (n: number) => SearchQuery>> {
    return {
      'identifier, one hit': (n) => query('Patient', matches('identifier', `fnr${this.spread(n)}`)),
      'patient + code, newest 20': (n) => query('Observation', both(this.ofPatient(this.spread(n)), matches('code', `c${n % 40}`)), newest),
      'patient, newest 20': (n) => query('Observation', this.ofPatient(this.spread(n)), newest),
      'chained: patient.identifier': (n) => {
        const where = matches('identifier', `fnr${this.spread(n)}`);
        return query('Observation', { op: 'chain', param: 'patient', types: ['Patient'], where });
      },
      '_has: Observation with identifier': (n) => {
        const where = matches('identifier', `o${this.spread(n)}`);
        return query('Patient', { op: 'referencedBy', type: 'Observation', param: 'patient', where });
      },
    };
  }
}

function patient(n: number): ResourceWrite {
  const index = [
    token('identifier', 'urn:oid:2.16.578.1.12.4.1.4.1', `fnr${n}`),
    token('identifier', 'urn:local', `mrn${n}`),
    token('gender', 'http://hl7.org/fhir/administrative-gender', n % 2 === 0 ? 'male' : 'female'),
    token('active', null, 'true'),
    text('family', `Nordmann${n % 997}`),
    text('name', `Nordmann${n % 997}`),
    text('given', `Kari${n % 89}`),
    when('birthdate', START_MS - (n % 30_000) * DAY_MS),
    points('organization', 'Organization', `o${n % 50}`),
  ];
  return resource('Patient', `p${n}`, 1, index);
}

function resource(type: string, id: string, versionId: number, index: readonly IndexEntry[]): ResourceWrite {
  const json = `{"resourceType":"${type}","id":"${id}","text":"${FILLER}"}`;
  return { type, id, versionId, lastUpdatedMs: START_MS, method: versionId === 1 ? 'POST' : 'PUT', json, index };
}

/** One transaction that writes these and looks up nothing. */
export function write(store: ResourceStore, writes: readonly ResourceWrite[]): Promise<void> {
  return store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
}

export const matches = (param: string, code: string): Clause => ({ op: 'match', param, test: { kind: 'token', code } });
export const both = (...clauses: readonly Clause[]): Clause => ({ op: 'and', clauses });
export const query = (type: string, where: Clause, more: Partial<SearchQuery> = {}): SearchQuery => ({
  types: [type],
  where,
  sort: [],
  limit: 20,
  total: 'none',
  ...more,
});
export const newest: Partial<SearchQuery> = { sort: [{ by: 'param', param: 'date', kind: 'range', descending: true }] };
