/** Keys put texts in the order that Unicode's own rules for Norwegian (of the ICU within Node.js) put them in. */
import { describe, expect, it } from 'vitest';
import { orderKey } from '../../server/fhir/norwegian-order.ts';
import { normalizeText } from '../../server/fhir/string-normalize.ts';
import { wholeFrom } from '../support/random.ts';

/** Case does not count, accents do. */
const NORWEGIAN = new Intl.Collator('nb', { sensitivity: 'accent' });

const keyOf = (text: string): string => orderKey(text) ?? normalizeText(text);
const bytes = (text: string): Buffer => Buffer.from(keyOf(text));
/** As databases compare keys. */
const compare = (a: string, b: string): number => Math.sign(Buffer.compare(bytes(a), bytes(b)));

/** Punctuation as gaps, as in a search: the collator has an order for it as well. */
const wordsOf = (text: string): string =>
  text
    .replace(/['`´‘’ʼ]/g, '')
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();
const byCollator = (a: string, b: string): number => Math.sign(NORWEGIAN.compare(wordsOf(a), wordsOf(b)));

const IN_ORDER = [
  '3 Brødre',
  '12-tallet',
  'Abel',
  'Ádám',
  'Andersen',
  'Anne Berit',
  'Anne-Marie',
  'Anne Åse',
  'Annelise',
  'Čáhppesnjárga',
  'Dahl',
  'Đoković',
  'Eng',
  'Étienne',
  'Isen',
  'Isåc',
  'Nansen',
  'Nzema',
  'Ŋoaivi',
  'Oda',
  'Strasse',
  'Straße',
  'Ŧuohkka',
  'Vang',
  'Wang',
  'Myrland',
  'Müller',
  'Zachariassen',
  'Zoé',
  'Ærlig',
  'Ärlund',
  'Ødegård',
  'Öberg',
  'Østby',
  'Åberg',
  'Aaberg',
  'Aase',
  'Åstveit',
];

const SIGNS = [
  ...Array.from('abcdefghijklmnopqrstuvwxyzæøåABCÆØÅäöüéèêáàčđŋšŧžőłńñßþðçīāǧǩǥǯõâëïóòíìúùýÿűœęǿǽěřůťďąėșțğşıĵŵħ0123456789  -'),
  'aa',
  'AA',
  'Aa',
  'aA',
  '+',
  '€',
  'ə',
];
const NAMES = [
  ...['Åse', 'Aase', 'Ase', 'Øystein', 'Oistein', 'Kjærstad', 'Kjærsti', 'Sørlie', 'Sorlie', 'Haakon', 'Håkon', 'Máret', 'Maret', 'Áilu'],
  ...[
    'Bjørn',
    'Björn',
    'Jürgen',
    'Jørgen',
    'Łukasz',
    'Lukas',
    'Šimon',
    'Nuvttohat',
    'Ánne',
    'Anne',
    'Ŋunnjo',
    'Þór',
    'Thorbjørn',
    'Zlatko',
  ],
];

/** The collator takes an accent after two a's for one of an å, and symbols among themselves in an order of their own. */
const isLeftOpen = (text: string): boolean => /a['`´]*a\p{M}|[+€].*[+€]/isu.test(text.normalize('NFD'));

describe('the order of texts', () => {
  it('is the one of a Norwegian list', () => {
    const sorted = IN_ORDER.toSorted(byCollator);
    expect(IN_ORDER.toSorted(compare)).toEqual(sorted);
    expect(sorted.slice(-9)).toEqual(
      ['Zoé', 'Ærlig', 'Ärlund', 'Öberg', 'Ødegård', 'Østby', 'Åberg', 'Aaberg', 'Aase', 'Åstveit'].slice(-9),
    );
    expect(sorted.slice(0, 3)).toEqual(['12-tallet', '3 Brødre', 'Abel']);
  });

  it.each([1, 2, 3])('is that of the collator for any letters of Europe, seed %i', (seed) => {
    const below = wholeFrom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
    const spelled = (): string => Array.from({ length: 1 + below(7) }, () => pick(SIGNS)).join('');
    const named = (): string => Array.from({ length: 1 + below(2) }, () => pick(NAMES)).join(pick([' ', '-', '']));
    const wrong: string[] = [];
    for (let n = 0; n < 20_000; n += 1) {
      const make = pick([spelled, named]);
      const a = make();
      const b = below(2) === 0 ? make() : a.replace(/\p{L}/u, pick(SIGNS));
      if (isLeftOpen(`${a} ${b}`) || isLeftOpen(`${a}${b}`)) continue;
      if (compare(a, b) !== byCollator(a, b)) wrong.push(`${a} | ${b}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(['Hansen', 'Anne-Marie', "O'Brien", 'Kari Nordmann, Storgata 1', '', '!?'])('of %j is told by its normalised form', (text) => {
    expect(orderKey(text)).toBeUndefined();
  });

  it('puts æ, ø and å after z, and an accent after everything else', () => {
    expect(['Ærø', 'Aasen', 'Åsen', 'André', 'Müller', 'Ŋoaivi', 'Anne–Marie', ' Mary’s  Ø!'].map(orderKey)).toEqual([
      '{r|',
      '}sen\u00012',
      '}sen',
      'andre\u000100001',
      'myller\u000105',
      'n~oaivi',
      'anne marie',
      'marys |',
    ]);
  });

  it.each([
    ['symbols stand before digits, after a gap', ['a b', 'a+b', 'a€b', 'a1', 'ab']],
    ['letters with several accents stand with the first of them', ['a', 'ấ', 'b', 'z', 'ǟ', 'ø']],
    ['other alphabets stand after å', ['å', 'Ωμέγα', 'Жанна', 'אבא', '中']],
    ['what cannot be seen does not count', ['Å\u00adse', 'Åse\ufeffn', 'Å\u200bsen b']],
    ['a tab parts words', ['å\tb', 'å c', 'åb']],
  ])('%s', (_rule, texts) => {
    expect(texts.toReversed().toSorted(compare)).toEqual(texts);
  });

  it('compares long texts by how they begin, and never keeps half of a sign', () => {
    const key = orderKey(`Å${'é'.repeat(5_000)}`) as string;
    expect(key).toHaveLength(128 + 1 + 128);
    expect(orderKey(`å${'𠀀'.repeat(400)}`)?.isWellFormed()).toBe(true);
  });
});
