/**
 * What one request touches, gathered on its way through the interactions and put into the access log: writes in their
 * own commit, reads before they are answered, refusals before they are told.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html
 */
import { type AccessRecord, type AuditAction, type AuditOutcome, auditedCaller, NO_INTERACTION } from '../audit/access-record.ts';
import type { VersionKey } from '../audit/access-tally.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { NAMED_TOGETHER_AT_MOST, patientsOf } from '../audit/patients-of.ts';
import type { WriteRecord } from '../audit/write-tally.ts';
import { readEntryUrl } from '../bundle/entry-url.ts';
import { FhirError, forbidden } from '../fhir/errors.ts';
import { stringifyJson } from '../fhir/json.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type ResourceKey } from '../fhir/resource.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import type { Clause } from '../search/query.ts';
import type { ResourceStore, ResourceWrite, StoredVersion, TransactionPlan } from '../store/resource-store.ts';
import type { FhirContext, FhirRequest, FhirResponse } from './context.ts';
import { asksByParameters, namedInSearch, numbersInSearch } from './named-in-search.ts';
import { reachOf } from './reach.ts';
import { type Interaction, resolve } from './resolve.ts';
import { patientsOfContexts } from './security-contexts.ts';
import { isVisible } from './visibility.ts';
import { contextsOf, PeopleOfContexts, textsBefore, UnknownContexts, whomAWriteTouches } from './written-about.ts';

const READS: ReadonlySet<string> = new Set(['read', 'vread', 'history-instance', 'history-type', 'history-system']);
const SEARCHES: ReadonlySet<string> = new Set(['search-type', 'search-system', 'search-compartment']);
const WRITES: Readonly<Record<string, AuditAction>> = { create: 'C', update: 'U', patch: 'U', delete: 'D' };
/** No resource can have it. */
const NOBODYS_ID = '?';
const ACTION_OF_METHOD = { POST: 'C', PUT: 'U', PATCH: 'U', DELETE: 'D' } as const;
/** The type of the access log. */
export const LOG = 'AuditEvent';
const QUERY_AT_MOST = 1000;
/** What names more patients is about a group of them. */
const TAKING_PART_AT_MOST = 8;
const NO_RELATION = 'no relation to the patient';

/** A purpose with its reason, in the user's own words. */
interface Declared {
  readonly purpose: string;
  readonly reason?: string;
  readonly patientId: string;
}

/** What all records of a request say alike. */
type Common = Pick<AccessRecord, 'atMs' | 'caller' | 'requestId' | 'reason'>;

type Shown = Pick<StoredVersion, 'type' | 'id' | 'json'> & { readonly versionId?: number; readonly ascii?: string };

export class AccessTrail {
  readonly #log: AuditLog;
  readonly #ctx: FhirContext;
  readonly #request: FhirRequest;
  /** Ids of those whose data were touched; may repeat. */
  #patients: string[] = [];
  /** Ids of those who are named by groups; they keep nobody else from being told. */
  #together: Set<string> | undefined;
  /** The version that was shown alone, as the log names it, and how often one was. */
  #lone: string | undefined;
  #lones = 0;
  /** What stands for the Binaries that were shown, where that is no Patient: it says whose they are. */
  #contexts: ResourceKey[] = [];
  #declared: Declared | undefined;
  #shown = 0;
  #written = 0;

  constructor(log: AuditLog, ctx: FhirContext, request: FhirRequest) {
    this.#log = log;
    this.#ctx = ctx;
    this.#request = request;
  }

  /** The context in which the interaction is carried out. Where it may write, its store puts into the journal of the log what each transaction wrote. */
  watching(interaction: Interaction): FhirContext {
    if (READS.has(interaction.name) || SEARCHES.has(interaction.name)) return { ...this.#ctx, trail: this };
    const { store } = this.#ctx;
    const transact = <Result>(plan: TransactionPlan<Result>) => this.#transact(store, plan);
    return { ...this.#ctx, store: { ...store, transact }, trail: this };
  }

  /** A trail of its own for an entry of a batch. */
  forEntry(request: FhirRequest): AccessTrail {
    return new AccessTrail(this.#log, this.#ctx, request);
  }

  /** Notes versions that are shown to the caller. */
  saw(versions: readonly Shown[]): void {
    this.#shown += versions.length;
    const lone = versions.length === 1 ? versions[0] : undefined;
    if (lone !== undefined && isVersion(lone)) {
      this.#lones += 1;
      const before = this.#log.shownAlone(lone);
      this.#lone = before?.what ?? `${lone.type}/${lone.id}/_history/${lone.versionId}`;
      if (before !== undefined) {
        this.#touches(before.patients);
        return;
      }
    }
    for (const version of versions) {
      const json = version.ascii ?? version.json;
      const patients = patientsOf(version.type, version.id, json);
      for (const context of contextsOf(version.type, json)) this.#contexts.push(context);
      if (patients.length > TAKING_PART_AT_MOST) this.asksAbout(patients);
      else this.#touches(patients);
    }
  }

  /** Notes those about whom the request asks together: as many as the log names of one group, however many groups there are. */
  asksAbout(patients: readonly string[]): void {
    this.#together ??= new Set();
    for (const patient of patients) {
      if (this.#together.size >= NAMED_TOGETHER_AT_MOST) return;
      this.#together.add(patient);
    }
  }

  /** What the user has declared: it goes before what the token says of the purpose, and stands in the log of this request. */
  declares(declared: Declared): void {
    this.#declared = declared;
    this.#patients.push(declared.patientId);
  }

  async #touchContexts(): Promise<void> {
    const contexts = this.#contexts.splice(0);
    for (const patients of await patientsOfContexts(this.#ctx.store, contexts)) this.#touches(patients);
  }

  #touches(patients: readonly string[]): void {
    for (const patient of patients) this.#patients.push(patient);
  }

  /** Puts what was shown into the log; to be awaited before the answer is given. @throws FhirError 503 `transient`. */
  async done(interaction: Interaction, response: FhirResponse): Promise<void> {
    const { name } = interaction;
    if (name === 'capabilities' || (name in WRITES && this.#written > 0)) return;
    // The entries of a batch speak for themselves, as do the reads of a transaction; its writes speak by what they wrote.
    if (name === 'batch' && this.#shown === 0) return;
    if (name in WRITES || response.status === 304) await this.#sawTarget(interaction, response);
    if (this.#contexts.length > 0) await this.#touchContexts();
    const records: AccessRecord[] = [];
    if (this.#shown === 0 && asksByParameters(interaction, this.#request)) {
      const named = await this.#named(interaction);
      this.#touches(named.hidden);
      if (named.hidden.length > 0) records.push({ ...this.#recordOf(interaction, '0'), outcome: '8', reason: NO_RELATION });
      this.#patients = [...named.seen];
    }
    if (records.length === 0 || this.#patients.length > 0) records.push(this.#recordOf(interaction, '0'));
    await this.#log.record(records);
  }

  /**
   * The patients about whom a search or a condition that showed nothing asked by name or number: those the caller follows,
   * who were told of all the same (a count, or that there is none), and those hidden from the caller. The store is asked
   * the same for what is not there. Of a type that the scopes leave out nothing can be said.
   */
  async #named(interaction: Interaction): Promise<{ readonly seen: readonly string[]; readonly hidden: readonly string[] }> {
    const { access, principal } = this.#ctx;
    const ofNumbers = numbersInSearch(interaction, this.#request).map((number) => this.#ofNumber(number));
    const keys = [...namedInSearch(interaction, this.#request, this.#ctx.baseUrl), ...(await Promise.all(ofNumbers))];
    const looked = await Promise.all(
      keys.map(async (key) => {
        const decision = await access.decide({ principal, interaction: 'read', right: 'read', ...key });
        return decision.kind === 'deny' ? undefined : this.#look(key);
      }),
    );
    const patients = (isSeen: boolean): readonly string[] => {
      const found = looked.filter((each) => each?.stored !== undefined && each.isSeen === isSeen).map((each) => each!.stored!);
      return [...new Set(found.flatMap(({ type, id, json }) => patientsOf(type, id, json)))];
    };
    return { seen: patients(true), hidden: patients(false) };
  }

  /** The patient who has this number; one who is not there when nobody has it. */
  async #ofNumber(code: string): Promise<ResourceKey> {
    const where: Clause = { op: 'match', param: 'identifier', test: { kind: 'token', code } };
    const page = await this.#ctx.store.search({ types: ['Patient'], where, sort: [], limit: 1, total: 'none' });
    return { type: 'Patient', id: page.matches[0]?.id ?? NOBODYS_ID };
  }

  /** Puts a refusal into the log. What is hidden from the caller is told as missing; the log knows better. */
  async failed(error: unknown): Promise<void> {
    const interaction = this.#interaction();
    const status = error instanceof FhirError ? error.status : 500;
    const target =
      interaction?.name === 'batch' ? this.#atFault(error) : interaction && (keyOf(interaction) ?? this.#inContext(interaction));
    const hidden = status === 404 && target !== undefined ? await this.#hidden(target) : undefined;
    [this.#patients, this.#contexts] = [[], []];
    this.#together = undefined;
    const concerned = hidden ?? (status === 403 && target !== undefined ? await this.#ctx.store.read(target.type, target.id) : undefined);
    if (concerned !== undefined) {
      this.#touches(patientsOf(concerned.type, concerned.id, concerned.json));
      this.#contexts.push(...contextsOf(concerned.type, concerned.json));
    }
    if (status === 403 && isObject(this.#request.body))
      this.asksAbout([...this.#concerned(this.#entryAtFault(error)?.resource), ...this.#concerned(this.#request.body)]);
    if (this.#contexts.length > 0) await this.#touchContexts();
    const asks = interaction !== undefined && status < 500 && status !== 401 && asksByParameters(interaction, this.#request);
    const named = asks ? (await this.#named(interaction)).hidden : [];
    this.#touches(named);
    const isDenied = (hidden !== undefined && hidden.json !== null) || named.length > 0;
    const { outcome, reason } = howItEnded(error);
    const record = this.#recordOf(interaction, isDenied ? '8' : outcome);
    await this.#log.record([{ ...record, ...(target && { what: `${target.type}/${target.id}` }), reason }]);
  }

  /** The patient in the context of the token, where everything is asked for without a name. */
  #inContext(interaction: Interaction): ResourceKey | undefined {
    const { patientId } = this.#ctx.principal;
    const isMeant = interaction.name === 'operation' && interaction.operation === '$everything' && interaction.type === 'Patient';
    return isMeant && patientId !== undefined ? { type: 'Patient', id: patientId } : undefined;
  }

  /** The entry for which a transaction failed. */
  #entryAtFault(error: unknown): Readonly<Record<string, unknown>> | undefined {
    const place = error instanceof FhirError ? /^Bundle\.entry\[(\d+)\]/.exec(error.issues[0]?.expression?.[0] ?? '')?.[1] : undefined;
    const entries = isObject(this.#request.body) ? this.#request.body.entry : undefined;
    const entry: unknown = Array.isArray(entries) && place !== undefined ? entries[Number(place)] : undefined;
    return isObject(entry) ? entry : undefined;
  }

  /** What it names. */
  #atFault(error: unknown): ResourceKey | undefined {
    const entry = this.#entryAtFault(error);
    const asked = isObject(entry?.request) ? entry.request : {};
    try {
      return keyOf(
        resolve(asked.method as FhirRequest['method'], readEntryUrl(String(asked.url), this.#ctx.baseUrl).path, this.#ctx.definitions),
      );
    } catch {
      return undefined;
    }
  }

  /** Both questions are asked whether or not it is there, so that the time they take does not tell. */
  async #look(target: ResourceKey): Promise<{ readonly stored: StoredVersion | undefined; readonly isSeen: boolean }> {
    const reach = await reachOf(this.#ctx, { interaction: 'read', right: 'read', ...target });
    const [stored, isSeen] = await Promise.all([this.#ctx.store.read(target.type, target.id), isVisible(this.#ctx, target, reach)]);
    return { stored, isSeen };
  }

  /** What is there and hidden from the caller: of what they see, something else was missing. */
  async #hidden(target: ResourceKey): Promise<StoredVersion | undefined> {
    const { stored, isSeen } = await this.#look(target);
    return isSeen ? undefined : stored;
  }

  async #transact<Result>(store: ResourceStore, plan: TransactionPlan<Result>): Promise<Result> {
    const people = new PeopleOfContexts();
    for (;;) {
      try {
        const { result, count } = await this.#log.transact(store, plan, (writes, found) => {
          if (writes.some((write) => write.type === LOG)) throw logIsClosed();
          const common = this.#common(found.nowMs);
          const told = writes.filter(({ alongside }) => alongside !== true);
          const from = { writes, textBefore: textsBefore(found), people };
          return told.map((write) => this.#recordOfWrite(write, whomAWriteTouches(write, from), common));
        });
        this.#written += count;
        return result;
      } catch (error) {
        if (!(error instanceof UnknownContexts)) throw error;
        await people.find(store, error.contexts);
      }
    }
  }

  #recordOfWrite(write: ResourceWrite, patients: readonly string[], common: Common): WriteRecord {
    return {
      ...common,
      interaction: { C: 'create', U: 'update', D: 'delete' }[ACTION_OF_METHOD[write.method]],
      action: write.versionId === 1 ? 'C' : ACTION_OF_METHOD[write.method],
      outcome: '0',
      what: `${write.type}/${write.id}/_history/${write.versionId}`,
      patients,
    };
  }

  #recordOf(interaction: Interaction | undefined, outcome: AuditOutcome): AccessRecord {
    const { body } = this.#request;
    const name = interaction?.name === 'batch' ? String(isObject(body) ? body.type : 'batch') : interaction?.name;
    const code = interaction?.name === 'operation' ? interaction.operation : (name ?? NO_INTERACTION);
    return {
      ...this.#common(this.#ctx.nowMs()),
      interaction: code,
      action: WRITES[code] ?? (READS.has(code) ? 'R' : 'E'),
      outcome,
      what: (outcome === '0' && READS.has(code) ? this.#shownAlone() : undefined) ?? this.#asked(interaction),
      query: this.#isTold(interaction) ? this.#query() : undefined,
      patients:
        this.#together === undefined && this.#patients.length <= 1
          ? this.#patients
          : [...new Set([...this.#patients, ...(this.#together ?? [])])],
      shown: outcome === '0' ? this.#shown : undefined,
    };
  }

  #common(atMs: number): Common {
    const caller = auditedCaller(this.#ctx.principal);
    const { requestId } = this.#ctx;
    if (this.#declared === undefined) return { atMs, caller, requestId, reason: undefined };
    const { purpose, reason } = this.#declared;
    return { atMs, caller: { ...caller, purpose }, requestId, reason };
  }

  #shownAlone(): string | undefined {
    return this.#lones === 1 ? this.#lone : undefined;
  }

  /** The instance that the URL names, if its id can be one. */
  #asked(interaction: Interaction | undefined): string | undefined {
    const key = interaction === undefined ? undefined : keyOf(interaction);
    return key === undefined ? undefined : `${key.type}/${key.id}`;
  }

  #interaction(): Interaction | undefined {
    try {
      return resolve(this.#request.method, this.#request.path, this.#ctx.definitions);
    } catch {
      return undefined;
    }
  }

  /** Of a search, a condition and an operation the query is told. */
  #isTold(interaction: Interaction | undefined): boolean {
    if (interaction === undefined || interaction.name === 'create') return false;
    return interaction.name === 'operation' || asksByParameters(interaction, this.#request);
  }

  /** The search as it was asked, personal numbers taken out. */
  #query(): string {
    const plain = (text: string) => (holdsPersonalNumber(text) ? '(number)' : text);
    const parts = this.#request.query.map(([name, value]) => `${plain(name)}=${plain(value)}`);
    return [this.#request.path.filter((segment) => segment !== '_search').join('/'), parts.join('&')].join('?').slice(0, QUERY_AT_MOST);
  }

  /** A version that was answered without being read (304), or met by a conditional create. */
  async #sawTarget(interaction: Interaction, { headers }: FhirResponse): Promise<void> {
    if (this.#shown > 0) return;
    const [type, id] = headers?.Location?.split('/').slice(-4, -2) ?? [];
    const key = type !== undefined && id !== undefined ? { type, id } : keyOf(interaction);
    const version = key === undefined ? undefined : await this.#ctx.store.read(key.type, key.id);
    if (version !== undefined) this.saw([version]);
  }

  /** What was to be written concerns the patients it names; for a transaction, those that any entry names. */
  #concerned(body: unknown): readonly string[] {
    if (!isObject(body)) return [];
    const { resourceType, id } = body;
    if (resourceType !== 'Bundle') {
      const json = stringifyJson(body);
      const patients = patientsOf(String(resourceType), String(id ?? ''), json);
      this.#contexts.push(...contextsOf(String(resourceType), json));
      return patients.filter((patient) => patient !== '');
    }
    const entries: readonly unknown[] = Array.isArray(body.entry) ? body.entry : [];
    return entries.flatMap((entry) => (isObject(entry) ? this.#concerned(entry.resource) : []));
  }
}

/** 403 `forbidden`: clients read the log, and never write it. */
export function logIsClosed(): FhirError {
  return forbidden('The access log is written by this service alone, and never changed');
}

/** How the log tells of what failed: denied, refused for what was sent, or a fault of ours; with status and code. */
export function howItEnded(error: unknown): { readonly outcome: AuditOutcome; readonly reason: string } {
  if (!(error instanceof FhirError)) return { outcome: '12', reason: '500' };
  const { status, issues } = error;
  const outcome = status === 401 || status === 403 ? '8' : status < 500 ? '4' : '12';
  return { outcome, reason: `${status} ${issues[0]?.code ?? ''}`.trim() };
}

function isVersion(shown: Shown): shown is Shown & VersionKey {
  return shown.versionId !== undefined;
}

function keyOf(interaction: Interaction): ResourceKey | undefined {
  if (!('id' in interaction) || interaction.id === undefined || interaction.type === undefined) return undefined;
  const parsed = parseReference(`${interaction.type}/${interaction.id}`);
  return parsed.kind === 'local' ? { type: interaction.type, id: interaction.id } : undefined;
}
