/**
 * `fellesplan audit export`: the access log, or the part of it about one person or one period, as a file for the data
 * protection officer; written as it is read, while servers go on.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExportScope } from '../audit/export/sealed-events.ts';
import { type DateRange, dateRange } from '../fhir/date-range.ts';
import { ID_PATTERN } from '../fhir/resource.ts';
import { SERVER_ZONE, timeZone } from '../fhir/time-zone.ts';
import type { Database } from '../store/database.ts';
import { counted } from './counted.ts';
import { writeWhole } from './whole-file.ts';

interface ExportOptions {
  readonly patient?: string;
  readonly from?: DateRange;
  readonly to?: DateRange;
  readonly format: 'ndjson' | 'csv';
  readonly out?: string;
}

interface Size {
  events: number;
  seals: number;
  unsealed: number;
  newest: string;
}

const NORWAY = timeZone(SERVER_ZONE);
const HELP = `
Without --patient, --from and --to the whole log is written. Days are Norwegian ones.

ndjson  AuditEvents as they are kept, each seal after the events under it: the file can be verified with
        fellesplan audit verify --file FILE
csv     one line for each event, with names of staff and organisations as they are now, the number of the seal and the
        sha256 of the event as it is kept; UTF-8 with a byte order mark, commas between, formulas made harmless

What servers have noted and not yet brought into the log (a few seconds) is not in it. The file holds who has seen whose
plan: keep it as you keep the plans.

Examples:
  fellesplan audit export --patient ingrid-solberg --format csv --out ingrid.csv
  fellesplan audit export --from 2026-01-01 --to 2026-03-31 --out first-quarter.ndjson`;

/** Adds the command. It sets the exit code: 0 written, 1 refused, 2 could not run. */
export function addAuditExport(audit: Command): void {
  audit
    .command('export')
    .description('write the access log, or a part of it, into a file or to standard output; servers go on meanwhile')
    .option('--patient <id>', 'only what concerns this person: the id of the Patient', patientId)
    .option('--from <date>', 'only what was recorded on this day or later (also a time, as 2026-03-01T12:00:00Z)', time)
    .option('--to <date>', 'only what was recorded on this day or earlier', time)
    .addOption(new Option('--format <format>', 'how it is written').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--out <file>', 'the file to make; left out: standard output')
    .addHelpText('after', HELP)
    .action(exportLog);
}

async function exportLog(options: ExportOptions): Promise<void> {
  const { Refusal, progress, refuseToReplace, withStore } = await import('./open-store.ts');
  const { patient, from, to, format, out } = options;
  await withStore(true, async ({ database }) => {
    if (from !== undefined && to !== undefined && from.low > to.high) throw new Refusal('--from is after --to');
    if (patient !== undefined && (await database.resources.read('Patient', patient)) === undefined)
      throw new Refusal(`there is no Patient/${patient}`);
    if (out !== undefined) refuseToReplace(out);
    const scope: ExportScope = {
      ...(patient === undefined ? {} : { patientId: patient }),
      ...(from === undefined ? {} : { fromMs: from.low }),
      ...(to === undefined ? {} : { toMs: to.high }),
    };
    const size: Size = { events: 0, seals: 0, unsealed: 0, newest: 'none' };
    const content = Readable.from(parts(database, scope, format, size, progress('events')));
    await (out === undefined ? toStandardOutput(content) : writeWhole(out, content));
    process.stderr.write(
      `${out ?? 'standard output'}: ${counted(size.events, 'event')}, ${counted(size.seals, 'seal')}, ${size.unsealed} not yet sealed; newest seal ${size.newest}\n`,
    );
  });
}

/** The text of the file, group by group; `size` is what has been written so far. */
async function* parts(
  { resources }: Database,
  scope: ExportScope,
  format: ExportOptions['format'],
  size: Size,
  told: (events: number) => void,
): AsyncGenerator<string> {
  const { sealedEvents } = await import('../audit/export/sealed-events.ts');
  const { CSV_HEAD, csvLines } = await import('../audit/export/csv.ts');
  if (format === 'csv') yield CSV_HEAD;
  for await (const group of sealedEvents(resources, scope)) {
    const { events, seal } = group;
    size.events += events.length;
    if (seal === undefined) size.unsealed += events.length;
    else {
      size.seals += 1;
      size.newest = `${seal.number}:${seal.fingerprint}`;
    }
    if (format === 'csv') yield await csvLines(resources, group);
    else yield [...events, ...(seal === undefined ? [] : [seal])].map(({ json }) => `${json}\n`).join('');
    told(size.events);
  }
}

/** Whoever reads it may stop reading. */
async function toStandardOutput(content: Readable): Promise<void> {
  await pipeline(content, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** @throws InvalidArgumentError for what can be no id: above all for a national identity number. */
function patientId(text: string): string {
  const id = text.replace(/^Patient\//, '');
  if (/^\d{11}$/.test(id)) throw new InvalidArgumentError('the id of the Patient is wanted, not a national identity number');
  if (!ID_PATTERN.test(id)) throw new InvalidArgumentError('an id has 1 to 64 letters, digits, hyphens and points');
  return id;
}

/** @throws InvalidArgumentError. */
function time(text: string): DateRange {
  const range = dateRange(text, NORWAY);
  if (range === undefined) throw new InvalidArgumentError('a date as 2026-03-01, or a time as 2026-03-01T12:00:00Z, is wanted');
  return range;
}
