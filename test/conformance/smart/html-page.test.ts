import { describe, expect, it } from 'vitest';
import { addresses, pressables } from '../../../server/conformance/smart/html-page.ts';

const AT = 'https://ehr.example/sign-in/page?x=1';

describe('what can be pressed on a page', () => {
  it.each<readonly [what: string, page: string, pressed: readonly unknown[]]>([
    [
      'a link',
      '<a href="/next?a=1&amp;b=2">Go <b>on</b></a>',
      [{ label: 'Go on', url: 'https://ehr.example/next?a=1&b=2', method: 'GET' }],
    ],
    [
      'the button of a form with its fields',
      '<form method="post" action="/go"><input type="hidden" name="token" value="&#34;t&#x22;"><button>Allow</button></form>',
      [{ label: 'Allow', url: 'https://ehr.example/go', method: 'POST', form: [['token', '"t"']] }],
    ],
    [
      'boxes that are checked, apart from those that are not',
      "<form method=post action=/go><input type=checkbox name=scope value=a checked><input type='checkbox' name='scope' value='b'><input type=submit value=Send></form>",
      [{ label: 'Send', url: 'https://ehr.example/go', method: 'POST', form: [['scope', 'a']], unchecked: [['scope', 'b']] }],
    ],
    [
      'each button with its own value, and not the others’',
      '<form method="post"><button name="who" value="1">Kari</button><button name="who" value="2">Ola</button></form>',
      [
        { label: 'Kari', url: AT, method: 'POST', form: [['who', '1']] },
        { label: 'Ola', url: AT, method: 'POST', form: [['who', '2']] },
      ],
    ],
    [
      'a form that asks',
      '<form action="/find"><input name="q"><button>Find</button></form>',
      [{ label: 'Find', url: 'https://ehr.example/find', method: 'GET', form: [['q', '']] }],
    ],
    ['nothing on a page of text', '<p>Sorry</p>', []],
  ])('is %s', (_what, page, pressed) => {
    expect(pressables(page, AT)).toEqual(pressed);
  });
});

it('finds every address that a page leads to or shows', () => {
  const page = `<iframe src="https://app.example/launch?iss=a&amp;launch=b"></iframe><a href="one">1</a><meta http-equiv="refresh" content="0; url=/two"><a>none</a>`;
  expect(addresses(page, AT).map(({ href }) => href)).toEqual([
    'https://app.example/launch?iss=a&launch=b',
    'https://ehr.example/sign-in/one',
    'https://ehr.example/two',
  ]);
});
