/**
 * `fellesplan validate`: its arguments and options.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import { type Command, Option } from 'commander';
import { LANGUAGES, type Language } from '../../fhir/language.ts';

const LEVELS = ['information', 'warning', 'error'] as const;
const FORMATS = ['text', 'json', 'junit', 'html', 'ndjson'] as const;

export interface ValidateOptions {
  /** Paths of FHIR packages. */
  readonly ig: readonly string[];
  /** Canonical URLs. */
  readonly profile: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly language: Language;
  /** The least severe issues that are reported. */
  readonly level: (typeof LEVELS)[number];
}

/** Adds the command. It sets the exit code: 0 valid, 1 something is invalid, 2 could not run. */
export function addValidateCommand(program: Command): void {
  const again = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  program
    .command('validate')
    .description('validate FHIR resources; exits 0 when all are valid, 1 when something is not, 2 when it could not run')
    .argument('<files...>', 'JSON or NDJSON files, folders of them, or - for standard input')
    .addOption(new Option('--ig <path>', 'FHIR package (.tgz or folder) to add; may be given again').argParser(again).default([], 'none'))
    .addOption(
      new Option('--profile <url>', 'profile besides those in meta.profile; may be given again').argParser(again).default([], 'none'),
    )
    .addOption(new Option('--format <format>', 'how to report').choices(FORMATS).default('text'))
    .addOption(new Option('--language <language>', 'language of the report').choices(LANGUAGES).default('en'))
    .addOption(new Option('--level <severity>', 'the least severe issues to report').choices(LEVELS).default('information'))
    .action(async (files: readonly string[], options: ValidateOptions) => {
      const { runValidation } = await import('./run-validation.ts');
      process.exitCode = await runValidation(files, options);
    });
}
