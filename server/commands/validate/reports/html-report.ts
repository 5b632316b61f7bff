/**
 * The report for people in a browser: one file without scripts and without anything from elsewhere, readable in light
 * and dark, by keyboard and by screen reader.
 *
 * Spec: https://www.w3.org/TR/WCAG22/ · https://html.spec.whatwg.org/
 */
import type { Language } from '../../../fhir/language.ts';
import { type CheckedDocument, isValid, nameOf, type Summary } from '../document.ts';
import { SEVERITY_WORDS, summaryLine, WORDS } from '../words.ts';
import { escapeMarkup } from './escape-markup.ts';
import { type ReadableIssue, type Report, readable } from './report.ts';
import { verdict } from './text-report.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #c9ced6; --bad: #a8071a; --doubt: #7a4d00; --good: #135200; }
@media (prefers-color-scheme: dark) { :root { --line: #4a5260; --bad: #ff9c9c; --doubt: #ffd591; --good: #b7eb8f; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .25rem .75rem; }
summary { cursor: pointer; padding: .4rem 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-top: 1px solid var(--line); }
td { overflow-wrap: anywhere; min-width: 4rem; } td:first-child { overflow-wrap: normal; } code { font-size: .9em; }
.bad { color: var(--bad); font-weight: 600; } .doubt { color: var(--doubt); font-weight: 600; } .good { color: var(--good); font-weight: 600; }
li { overflow-wrap: anywhere; }
`;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const CLASS_OF = { fatal: 'bad', error: 'bad', warning: 'doubt', information: '' } as const;

/** The HTML report in a language; `against` names the packages and profiles it was made with. */
export function htmlReport(language: Language, against: readonly string[]): Report {
  const withIssues: CheckedDocument[] = [];
  const without: string[] = [];
  return {
    begin: () => '',
    document(checked) {
      if (checked.issues.length > 0) withIssues.push(checked);
      else without.push(nameOf(checked));
      return '';
    },
    end: (summary) => page({ summary, withIssues, without, language, against }),
  };
}

interface Page {
  readonly summary: Summary;
  readonly withIssues: readonly CheckedDocument[];
  readonly without: readonly string[];
  readonly language: Language;
  readonly against: readonly string[];
}

function page({ summary, withIssues, without, language, against }: Page): string {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const sorted = [...withIssues].sort((a, b) => Number(isValid(a)) - Number(isValid(b)));
  const sections = [
    ...(sorted.length === 0 ? [] : [`<h2>${say('filesWithIssues')}</h2>`, ...sorted.map((checked) => fileSection(checked, language))]),
    ...(without.length === 0
      ? []
      : [`<h2>${say('filesWithout')}</h2>`, `<ul>${without.map((name) => `<li>${escapeMarkup(name)}</li>`).join('')}</ul>`]),
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${say('title')}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${say('title')}</h1>
<p>${say('result')}: <span class="${summary.invalid > 0 ? 'bad' : 'good'}">${summaryLine(summary, language)}</span></p>
<p>${say('made')} ${against.map((name) => `<code>${escapeMarkup(name)}</code>`).join(', ')}</p>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function fileSection(checked: CheckedDocument, language: Language): string {
  const say = (word: keyof typeof WORDS): string => WORDS[word][language];
  const heads = (['severity', 'place', 'element', 'issue', 'rule'] as const).map((word) => `<th scope="col">${say(word)}</th>`).join('');
  const rows = checked.issues.map((issue) => row(readable(issue), language)).join('\n');
  return `<details${isValid(checked) ? '' : ' open'}>
<summary><code>${escapeMarkup(nameOf(checked))}</code>: <span class="${isValid(checked) ? 'doubt' : 'bad'}">${verdict(checked, language)}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(nameOf(checked))}">
<table>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}
</tbody>
</table>
</div>
</details>`;
}

function row(issue: ReadableIssue, language: Language): string {
  return `<tr><td class="${CLASS_OF[issue.severity]}">${SEVERITY_WORDS[issue.severity][language]}</td><td>${issue.position}</td><td><code>${escapeMarkup(issue.expression)}</code></td><td>${escapeMarkup(issue.text)}</td><td><code>${escapeMarkup(issue.rule)}</code></td></tr>`;
}
