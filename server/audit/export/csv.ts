/**
 * The access log as a table: one line for each event, safe to open in a spreadsheet.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc4180 · https://owasp.org/www-community/attacks/CSV_Injection
 */
import type { ResourceStore } from '../../store/resource-store.ts';
import { fingerprint } from '../audit-event.ts';
import { readAccess } from '../telling/noted-access.ts';
import { findPeople } from '../telling/people.ts';
import { WORDS } from '../telling/words.ts';
import type { SealedGroup } from './sealed-events.ts';

/** A spreadsheet takes what begins so for a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;
const COLUMNS = [
  'id',
  'recorded',
  'start',
  'end',
  'type',
  'action',
  'outcome',
  'reason',
  'purpose',
  'user',
  'userName',
  'role',
  'organization',
  'organizationName',
  'client',
  'issuer',
  'patient',
  'things',
  'seal',
  'sha256',
] as const;

/** With the mark by which spreadsheets know the letters. */
export const CSV_HEAD = `\uFEFF${line(COLUMNS)}`;

interface Kept {
  readonly id: string;
  readonly recorded: string;
  readonly type?: { readonly code?: string };
  readonly outcomeDesc?: string;
  readonly entity?: readonly {
    readonly what?: { readonly reference?: string };
    readonly query?: string;
    readonly detail?: readonly { readonly type: string; readonly valueString?: string }[];
  }[];
}

/** The lines of a group, each with its end. Names are looked up as they are now. */
export async function csvLines(store: ResourceStore, { events, seal }: SealedGroup): Promise<string> {
  const accesses = events.map(({ json }) => readAccess(json));
  const people = await findPeople(store, accesses, { patientId: '' });
  return events
    .map(({ json }, at) => {
      const event = JSON.parse(json) as Kept;
      const access = accesses[at]!;
      const who = people.who(access, WORDS.en);
      const isStaff = access.user?.startsWith('Practitioner/') === true;
      const cells: Readonly<Record<(typeof COLUMNS)[number], string | undefined>> = {
        id: event.id,
        recorded: event.recorded,
        start: new Date(access.startMs).toISOString(),
        end: new Date(access.endMs).toISOString(),
        type: event.type?.code,
        action: access.action,
        outcome: access.outcome,
        reason: access.reason ?? event.outcomeDesc,
        purpose: access.purpose,
        user: access.user,
        userName: isStaff ? who.name : undefined,
        role: who.role,
        organization: access.organizationNumber,
        organizationName: who.organization,
        client: access.clientId,
        issuer: access.origin,
        patient: event.entity?.find(({ detail }) => detail === undefined)?.what?.reference,
        things: event.entity?.flatMap(thingOf).join(' | '),
        seal: seal === undefined ? undefined : String(seal.number),
        sha256: fingerprint(json),
      };
      return line(COLUMNS.map((column) => cells[column] ?? ''));
    })
    .join('');
}

/** `read CarePlan/p/_history/2`, or `search-type Goal?status=active`. */
function thingOf({ what, query, detail }: NonNullable<Kept['entity']>[number]): readonly string[] {
  const interaction = detail?.find(({ type }) => type === 'interaction')?.valueString;
  if (interaction === undefined) return [];
  const asked = query === undefined ? what?.reference : Buffer.from(query, 'base64').toString('utf8');
  return [asked === undefined ? interaction : `${interaction} ${asked}`];
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
