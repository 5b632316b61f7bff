import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from './run-cli.ts';

const GENERATED = join(import.meta.dirname, '..', '..', 'profiles', 'generated');
const patient = (extra: object = {}): object => ({ resourceType: 'Patient', id: 'p', ...extra });
const wrongGender = `{
  "resourceType": "Patient",
  "id": "p",
  "gender": "mann"
}
`;

interface Row {
  readonly file: string;
  readonly line?: number;
  readonly outcome: { readonly resourceType: string; readonly issue: readonly Record<string, unknown>[] };
}

function folderWith(files: Readonly<Record<string, string | Buffer | object>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function rows(args: readonly string[], cwd: string, stdin?: string): Promise<{ exitCode: number | null; rows: readonly Row[] }> {
  const { exitCode, stdout } = await runCli(['validate', '--format', 'json', ...args], { cwd, ...(stdin === undefined ? {} : { stdin }) });
  return { exitCode, rows: JSON.parse(stdout) as readonly Row[] };
}

describe('the exit code', () => {
  it('is 0 when everything is valid, warnings or not', async () => {
    const { exitCode, stdout } = await runCli(['validate', 'p.json'], { cwd: folderWith({ 'p.json': patient() }) });
    expect(stdout).toMatch(/^p\.json: valid, 1 warning\n {2}1:1 warning Patient: dom-6: /);
    expect(stdout).toMatch(/\n1 resource, 0 invalid: 0 errors, 1 warning\n$/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['information', 'p.json: 1 error, 1 warning, 1 note', ['information', 'error', 'warning']],
    ['warning', 'p.json: 1 error, 1 warning', ['error', 'warning']],
    ['error', 'p.json: 1 error', ['error']],
  ])('is 1 for an error, whatever is reported: from %s on', async (level, verdict, severities) => {
    const cwd = folderWith({ 'p.json': patient({ language: 'nb', gender: 'mann' }) });
    const { exitCode, stdout } = await runCli(['validate', '--level', level, 'p.json'], { cwd });
    expect(stdout.split('\n')[0]).toBe(verdict);
    expect([...stdout.matchAll(/^ {2}\S+ (\w+) /gm)].map(([, severity]) => severity)).toEqual(severities);
    expect(exitCode).toBe(1);
  });

  it('is 1 when something is invalid', async () => {
    const { exitCode } = await runCli(['validate', 'ok.json', 'bad.json'], {
      cwd: folderWith({ 'ok.json': patient(), 'bad.json': wrongGender }),
    });
    expect(exitCode).toBe(1);
  });

  it.each([
    ['no file is named', [], /missing required argument/],
    ['an option is unknown', ['--fast', 'p.json'], /unknown option/],
    ['a format is unknown', ['--format', 'pdf', 'p.json'], /Allowed choices are text, json, junit, html, ndjson/],
    ['a folder holds no JSON', ['empty'], /there are no JSON files in empty/],
    ['a package does not exist', ['--ig', 'nowhere.tgz', 'p.json'], /nowhere\.tgz: there is no such file or folder/],
    [
      'a profile is mistyped',
      ['--profile', 'https://fellesplan.example/fhir/StructureDefinition/fp-careplan', 'p.json'],
      /fp-careplan \(fp-care-plan\?\): it is not known/,
    ],
    [
      'a profile is named without its URL',
      ['--profile', 'fp-goal', 'p.json'],
      /--profile fp-goal: a profile is named by its canonical URL/,
    ],
    ['a profile is not known', ['--profile', 'http://a.example/x', 'p.json'], /--profile http:\/\/a\.example\/x: it is not known/],
    ['no file can be read', ['nowhere.json'], /^$/],
  ])('is 2 when %s', async (_why, args, message) => {
    const { exitCode, stderr } = await runCli(['validate', ...args], { cwd: folderWith({ 'p.json': patient(), 'empty/readme.txt': '' }) });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe('what is validated', () => {
  it('are the JSON and NDJSON files of a folder, at any depth, in order of name', async () => {
    const cwd = folderWith({
      'in/b.json': patient(),
      'in/a/z.json': patient(),
      'in/c.ndjson': `${JSON.stringify(patient())}\n`,
      'in/notes.txt': 'x',
    });
    writeFileSync(join(cwd, 'in', 'package.json'), '{"name":"no resource"}');
    const found = await rows(['in'], cwd);
    expect(found.rows.map(({ file, line }) => [file, line])).toEqual([
      ['in/a/z.json', undefined],
      ['in/b.json', undefined],
      ['in/c.ndjson', 1],
    ]);
    expect(found.exitCode).toBe(0);
  });

  it('are the lines of an NDJSON file, each by its number, with places counted from the beginning of the file', async () => {
    const lines = [JSON.stringify(patient()), '', JSON.stringify(patient({ gender: 'mann' })), '{"resourceType":'];
    const found = await rows(['x.ndjson'], folderWith({ 'x.ndjson': lines.join('\r\n') }));
    expect(found.rows.map(({ line, outcome }) => [line, outcome.issue.find(({ severity }) => severity !== 'warning')?.severity])).toEqual([
      [1, undefined],
      [3, 'error'],
      [4, 'fatal'],
    ]);
    expect(found.rows[1]?.outcome.issue).toContainEqual(
      expect.objectContaining({
        code: 'code-invalid',
        expression: ['Patient.gender'],
        extension: [expect.objectContaining({ valueInteger: 3 }), expect.objectContaining({ valueInteger: 45 })],
      }),
    );
    expect(found.exitCode).toBe(1);
  });

  it('is a Bundle with all its entries', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'urn:uuid:0f6c1d52-51a2-4b9c-9a3e-6a4e5b1c2d01', resource: patient({ gender: 'mann' }) }],
    };
    const found = await rows(['b.json'], folderWith({ 'b.json': bundle }));
    expect(found.rows[0]?.outcome.issue).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'code-invalid', expression: ['Bundle.entry[0].resource.gender'] }),
    );
  });

  it.each([
    ['a resource', wrongGender, [undefined]],
    ['NDJSON', `${JSON.stringify(patient())}\n${JSON.stringify(patient({ gender: 'mann' }))}\n`, [1, 2]],
  ])('is standard input, %s', async (_what, stdin, lines) => {
    const found = await rows(['-'], temporaryFolder(), stdin);
    expect(found.rows.map(({ line }) => line)).toEqual(lines);
    expect(found.exitCode).toBe(1);
  });

  it('is validated against the profiles named as well', async () => {
    const url = 'https://fellesplan.example/fhir/StructureDefinition/fp-patient';
    const found = await rows(['--profile', url, 'p.json'], folderWith({ 'p.json': patient() }));
    expect(found.rows[0]?.outcome.issue).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'structure',
        diagnostics: expect.stringMatching(/Patient\.identifier|identifier.*fp-patient/),
      }),
    );
  });
});

describe('a file that cannot be validated', () => {
  const files = {
    'binary.json': Buffer.from([1, 2, 0, 3]),
    'empty.json': ' \n',
    'latin1.json': Buffer.from('{"resourceType":"Patient","id":"p","name":[{"family":"B\xf8"}]}', 'latin1'),
    'ok.json': patient(),
    'torn.json': '{\n  "resourceType": "Patient",\n',
    'xml.json': '<Patient xmlns="http://hl7.org/fhir"/>',
  };

  it('has one fatal issue, and the run goes on', async () => {
    const found = await rows(['.', 'nowhere.json'], folderWith(files));
    const fatal = found.rows.map(({ file, outcome }) => [file, outcome.issue.find(({ severity }) => severity === 'fatal')]);
    expect(fatal).toEqual([
      ['binary.json', expect.objectContaining({ code: 'invalid', diagnostics: 'This is not text: FHIR JSON is wanted' })],
      ['empty.json', expect.objectContaining({ code: 'invalid', diagnostics: 'The file is empty' })],
      ['latin1.json', expect.objectContaining({ code: 'invalid', diagnostics: 'The text is not UTF-8' })],
      ['ok.json', undefined],
      ['torn.json', expect.objectContaining({ code: 'invalid', diagnostics: expect.stringMatching(/^This is not JSON/) })],
      ['xml.json', expect.objectContaining({ code: 'not-supported', diagnostics: 'XML is not read: FHIR JSON is wanted' })],
      ['nowhere.json', expect.objectContaining({ code: 'not-found', diagnostics: 'There is no such file' })],
    ]);
    expect(found.exitCode).toBe(1);
  });

  it('is told of in the language asked for', async () => {
    const found = await rows(['--language', 'nn', 'empty.json'], folderWith(files));
    expect(found.rows[0]?.outcome.issue[0]).toMatchObject({ diagnostics: 'The file is empty', details: { text: 'Fila er tom' } });
  });
});

describe('the reports', () => {
  const files = {
    'bad.json': wrongGender,
    'good.json': patient({ text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">p</div>' } }),
  };

  it('as text give line, column, element and rule', async () => {
    const { stdout } = await runCli(['validate', '--language', 'nb', 'bad.json'], { cwd: folderWith(files) });
    expect(stdout).toMatch(/^bad\.json: 1 feil, 1 advarsel\n/);
    expect(stdout).toMatch(/\n {2}4:13 feil Patient\.gender: Koden .*mann.* \[binding-required\]\n/);
    expect(stdout).toMatch(/\n1 ressurs, 1 ugyldig: 1 feil, 1 advarsel\n$/);
  });

  it('tell the codes to choose from where one of a short list is wanted', async () => {
    const cwd = folderWith({ 'p.json': patient({ gender: 'kvinne' }) });
    const { stdout } = await runCli(['validate', '--language', 'nn', 'p.json'], { cwd });
    expect(stdout).toContain('administrative-gender|4.0.1 (male, female, other, unknown), og bindinga er påkravd');
  });

  it('as text write nothing to the terminal that a file is named', async () => {
    const { stdout } = await runCli(['validate', '.'], { cwd: folderWith({ 'x\u001b[2Jy.json': patient() }) });
    expect(stdout).toMatch(/^x \[2Jy\.json: valid/);
  });

  it('as json say in an OperationOutcome that there are no issues', async () => {
    const found = await rows(['good.json'], folderWith(files));
    expect(found.rows).toEqual([
      {
        file: 'good.json',
        outcome: {
          resourceType: 'OperationOutcome',
          issue: [expect.objectContaining({ severity: 'information', code: 'informational', diagnostics: 'No issues found' })],
        },
      },
    ]);
  });

  it('as ndjson have an object on each line', async () => {
    const { stdout } = await runCli(['validate', '--format', 'ndjson', 'bad.json', 'good.json'], { cwd: folderWith(files) });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Row).file)).toEqual(['bad.json', 'good.json']);
  });

  it('as junit count failures and errors, and escape what stands in the files', async () => {
    const cwd = folderWith({ ...files, 'odd & <strange>.json': '{"resourceType":"Patient","<x a=\'1\'>":"\\u0001"}' });
    const { stdout, exitCode } = await runCli(['validate', '--format', 'junit', '.', 'nowhere.json'], { cwd });
    expect(stdout).toContain('<testsuites tests="4" failures="2" errors="1">');
    expect(stdout).toContain('name="odd &amp; &lt;strange&gt;.json"');
    expect(stdout).toContain('&lt;x a=&#39;1&#39;&gt;');
    expect(stdout).toContain('<testcase classname="fellesplan.validate" name="good.json" file="good.json"/>');
    expect(stdout).toContain('<error message=');
    expect(exitCode).toBe(1);
  });

  it('as html are one page without scripts and without anything from elsewhere', async () => {
    const cwd = folderWith({ ...files, 'evil.json': '{"resourceType":"Patient","<script>alert(1)</script>":1}' });
    const { stdout } = await runCli(['validate', '--format', 'html', '--language', 'nb', '.'], { cwd });
    expect(stdout).toMatch(/^<!doctype html>\n<html lang="nb">/);
    expect(stdout).not.toMatch(/<script|<link|<img|\ssrc=|@import|url\(/i);
    expect(stdout).toContain('&lt;script&gt;alert(1)');
    expect(stdout).toContain("default-src 'none'");
    expect(stdout.match(/<h1>/g)).toHaveLength(1);
    expect(stdout).toContain('<th scope="col">Alvorlighet</th>');
    expect(stdout).toContain('<li>good.json</li>');
  });
});

describe('many files', () => {
  it('are validated by threads with the same results in the same order', async () => {
    const cwd = temporaryFolder();
    const plan = readFileSync(join(GENERATED, 'CarePlan-care-plan-full.json'), 'utf8');
    const line = JSON.stringify(JSON.parse(plan));
    const count = Math.ceil(17_000_000 / line.length);
    const lines = Array.from({ length: count }, (_one, index) => (index % 1000 === 7 ? JSON.stringify(patient({ gender: 'mann' })) : line));
    writeFileSync(join(cwd, 'many.ndjson'), lines.join('\n'));
    const { stdout, exitCode } = await runCli(['validate', '--format', 'ndjson', 'many.ndjson'], { cwd });
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Row);
    expect(found.map((row) => row.line)).toEqual(lines.map((_one, index) => index + 1));
    const invalid = found.filter(({ outcome }) => outcome.issue.some(({ severity }) => severity === 'error'));
    expect(invalid.map((row) => row.line)).toEqual(lines.flatMap((text, index) => (text === line ? [] : [index + 1])));
    expect(exitCode).toBe(1);
  }, 60_000);
});
