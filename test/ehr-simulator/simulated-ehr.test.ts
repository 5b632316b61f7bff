import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchAt, person, redeemAt, type Services, startServices } from '../auth/services.ts';

const NUMBER = '13717404089';
let services: Services;
let base: string;

beforeAll(async () => {
  services = await startServices();
  base = `${services.origin}/ehr/hospital`;
  const { patient, practitioner, organization, role } = person;
  for (const name of ['hospital', 'municipality'] as const) {
    await services.put(
      name,
      patient('p1', NUMBER, 'Solberg'),
      patient('p2', '02013299997', 'Ås <b>'),
      organization('o', '999000001', 'Fjordheim sykehus'),
    );
    await services.put(name, practitioner('pr1', '999012345', 'Berg'), practitioner('pr2', '999012346', 'Aune'));
    await services.put(name, role('r1', 'pr1', 'o'), role('r2', 'pr2', 'o'), role('r3', 'pr1', 'o', false));
    await services.put(name, {
      resourceType: 'Encounter',
      id: 'e1',
      status: 'in-progress',
      class: { code: 'IMP', display: 'Innlagt' },
      subject: { reference: 'Patient/p1', display: 'Ola Solberg' },
      participant: [{ individual: { reference: 'Practitioner/pr2' } }],
      period: { start: '2026-03-01T10:00:00+01:00' },
      serviceProvider: { reference: 'Organization/o', display: 'Medisinsk avdeling' },
    });
  }
});
afterAll(() => services.close());

/** A browser without scripts: keeps cookies, follows nothing by itself. */
function browser(root = base) {
  const jar = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(root + path, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie === '' ? {} : { Cookie: cookie }) },
    });
    for (const set of response.headers.getSetCookie()) {
      const [name, value] = set.split(';')[0]!.split('=') as [string, string];
      if (/Max-Age=0/.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text(), location: response.headers.get('location') };
  };
  return {
    jar,
    get: (path: string) => ask(path),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ask(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
  };
}

const tokenIn = (text: string) => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
const frameIn = (text: string) => /<iframe src="([^"]+)"/.exec(text)?.[1]?.replaceAll('&#38;', '&') ?? '';

async function signedIn(role = 'r1', root = base) {
  const user = browser(root);
  const { text } = await user.get('/');
  await user.post('/login', { role, token: tokenIn(text) });
  return user;
}

describe('choosing a user', () => {
  it('offers the practitioners in their active roles, by name', async () => {
    const { status, text } = await browser().get('/');
    expect(status).toBe(200);
    expect([...text.matchAll(/<strong>([^<]+)</g)].map((match) => match[1])).toEqual(['Kari Aune', 'Kari Berg']);
    expect(text).toMatch(
      /<h2>Fjordheim sykehus<\/h2>[\s\S]*<strong>Kari Aune<\/strong><span>Sykepleier<\/span><small>Følger opp Ola Solberg<\/small>/,
    );
    expect(text).not.toMatch(/<strong>Kari Berg<\/strong><span>Sykepleier<\/span><small>/);
  });

  it('finds users by words of their name, role and service', async () => {
    const found = async (query: string) =>
      [...(await browser().get(`/?q=${encodeURIComponent(query)}`)).text.matchAll(/<strong>([^<]+)</g)].map((match) => match[1]);
    expect(await found('aune')).toEqual(['Kari Aune']);
    expect(await found('FJORDHEIM kari')).toEqual(['Kari Aune', 'Kari Berg']);
    expect(await found('Olsen')).toEqual([]);
    const { text } = await browser().get(`/?q=${encodeURIComponent('"><b>')}`);
    expect(text).toContain('Ingen brukere passer med søket.');
    expect(text).not.toContain('"><b>');
  });

  it('signs in and goes to the patients', async () => {
    const user = browser();
    const { text } = await user.get('/');
    const answer = await user.post('/login', { role: 'r1', token: tokenIn(text) });
    expect(answer).toMatchObject({ status: 303, location: '/ehr/hospital/patients' });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^hospital_session=[\w-]{43}; Path=\/ehr\/hospital; Max-Age=36000; HttpOnly; SameSite=Lax$/,
    );
    expect((await user.get('/patients')).text).toContain('Kari Berg');
  });

  it('refuses a form from elsewhere', async () => {
    const user = browser();
    const { text } = await user.get('/');
    expect((await user.post('/login', { role: 'r1', token: 'made-up' })).status).toBe(403);
    expect((await user.post('/login', { role: 'r1', token: '' })).status).toBe(403);
    expect((await user.post('/login', { role: 'r1', token: tokenIn(text) }, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser().post('/login', { role: 'r1', token: tokenIn(text) })).status).toBe(403);
    expect(user.jar.has('hospital_session')).toBe(false);
  });

  it('goes back to the choice for a role that does not exist', async () => {
    const user = browser();
    const { text } = await user.get('/');
    expect(await user.post('/login', { role: 'nobody', token: tokenIn(text) })).toMatchObject({ status: 303, location: '/ehr/hospital/' });
  });

  it('offers the user who is looked for by name, whoever is signed in, and ends the session of the one before', async () => {
    const user = await signedIn('r1');
    const before = user.jar.get('hospital_session');
    expect(await user.get('/')).toMatchObject({ status: 303, location: '/ehr/hospital/patients' });
    const { status, text } = await user.get('/?q=aune');
    expect(status).toBe(200);
    expect(text).toContain('<strong>Kari Aune</strong>');
    expect((await user.post('/login', { role: 'r2', token: tokenIn(text) })).status).toBe(303);
    expect((await user.get('/patients')).text).toContain('Kari Aune<br>');
    user.jar.set('hospital_session', before!);
    expect(await user.get('/patients')).toMatchObject({ status: 303, location: '/ehr/hospital/' });
  });

  it('signs out, by a form of its own', async () => {
    const user = await signedIn();
    const { text } = await user.get('/patients');
    expect((await user.post('/logout', { token: 'made-up' })).status).toBe(403);
    expect((await user.get('/patients')).status).toBe(200);
    expect((await user.post('/logout', { token: tokenIn(text) })).status).toBe(303);
    expect(await user.get('/patients')).toMatchObject({ status: 303, location: '/ehr/hospital/' });
  });
});

describe('finding a patient', () => {
  it('needs a user', async () => {
    for (const path of ['/patients', '/patients/p1'])
      expect(await browser().get(path)).toMatchObject({ status: 303, location: '/ehr/hospital/' });
    expect((await browser().post('/patients', { q: 'Sol' })).status).toBe(303);
  });

  it('lists them by family name, and writes what is in the record as text', async () => {
    const { text } = await (await signedIn()).get('/patients');
    expect([...text.matchAll(/<th scope="row"><a href="([^"]+)"/g)].map((match) => match[1])).toEqual([
      '/ehr/hospital/patients/p1',
      '/ehr/hospital/patients/p2',
    ]);
    expect(text).not.toContain('<b>');
    expect(text).toContain('137174 04089');
    expect(text).toContain('02.03.1941');
  });

  const searches: readonly (readonly [text: string, found: readonly string[]])[] = [
    ['solb', ['p1']],
    ['INGRID', ['p1', 'p2']],
    ['ingrid sol', ['p1']],
    [NUMBER, ['p1']],
    ['137174 04089', ['p1']],
    ['0201', ['p2']],
    ['ås', ['p2']],
    ['nobody', []],
    ['', ['p1', 'p2']],
  ];
  it.each(searches)('by %o', async (q, found) => {
    const user = await signedIn();
    const list = await user.get('/patients');
    const { text, status } = await user.post('/patients', { q, token: tokenIn(list.text) });
    expect(status).toBe(200);
    expect([...text.matchAll(/patients\/(p\d)"/g)].map((match) => match[1])).toEqual(found);
  });

  it('by a form that is posted, since a number belongs in no URL', async () => {
    const { text } = await (await signedIn()).get('/patients');
    expect(text).toMatch(/<form class="search" method="post"/);
  });

  it('refuses a search from elsewhere', async () => {
    expect((await (await signedIn()).post('/patients', { q: 'a', token: 'made-up' })).status).toBe(403);
  });
});

describe('the record of a patient', () => {
  it('shows who it is and opens the plan app in an iframe with iss and launch', async () => {
    const { status, text } = await (await signedIn()).get('/patients/p1');
    expect(status).toBe(200);
    expect(text).toContain('<h1>Ingrid Solberg</h1>');
    expect(text).toContain('Medisinsk avdeling');
    const url = new URL(frameIn(text));
    expect(url.origin + url.pathname).toBe('https://app.example/app/launch.html');
    expect(url.searchParams.get('iss')).toBe(`${base}/fhir`);
    expect(url.searchParams.get('launch')).toMatch(/^[\w-]{43}$/);
    expect(text).toMatch(/<iframe [^>]*title="Felles plan for Ingrid Solberg"/);
  });

  it('gives the app a token with patient, encounter, tenant and style, for the user who is signed in', async () => {
    const { text } = await (await signedIn('r2')).get('/patients/p1');
    const { accessToken } = await redeemAt(services.ehrs.hospital, new URL(frameIn(text)).searchParams.get('launch')!);
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({
      sub: 'pr2',
      patient: 'p1',
      encounter: 'e1',
      tenant: '999000001',
      intent: 'show-plan',
      need_patient_banner: false,
      fhirUser: `${base}/fhir/Practitioner/pr2`,
    });
    const style = await fetch(claims.smart_style_url);
    expect(style.headers.get('access-control-allow-origin')).toBe('*');
    expect(await style.json()).toMatchObject({ color_highlight: '#1d4e89' });
    const read = await fetch(`${base}/fhir/Patient/p1`, { headers: { Authorization: `Bearer ${accessToken}` } });
    expect(read.status).toBe(200);
    const other = await fetch(`${base}/fhir/Patient/p2`, { headers: { Authorization: `Bearer ${accessToken}` } });
    expect(other.status).toBe(404);
  });

  it('makes a launch of its own each time it is opened', async () => {
    const user = await signedIn();
    const [one, two] = [await user.get('/patients/p1'), await user.get('/patients/p1')];
    expect(frameIn(one.text)).not.toBe(frameIn(two.text));
  });

  it('ends launches that were not used when the user signs out', async () => {
    const user = await signedIn();
    const { text } = await user.get('/patients/p1');
    await user.post('/logout', { token: tokenIn(text) });
    await expect(redeemAt(services.ehrs.hospital, new URL(frameIn(text)).searchParams.get('launch')!)).rejects.toThrow(/invalid_request/);
  });

  it('is not found for an id that is not there', async () => {
    const { status, text } = await (await signedIn()).get('/patients/nobody');
    expect(status).toBe(404);
    expect(text).toContain('finnes ikke i journalen');
  });

  it('cannot be launched in a session that never was', async () => {
    await expect(launchAt(services.ehrs.hospital, { userId: 'pr1', patient: 'p1', sessionId: 'made-up' })).rejects.toThrow(
      /invalid_request/,
    );
  });
});

describe('every page', () => {
  it('lets nothing in but its own style and icon, and the app in a frame', async () => {
    const { headers } = await (await signedIn()).get('/patients/p1');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self' https://app.example; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  it('says its language, has one heading, a main part and a way past the bar', async () => {
    const user = await signedIn();
    for (const path of ['/patients', '/patients/p1']) {
      const { text } = await user.get(path);
      expect(text).toMatch(/^<!doctype html>\s*<html lang="nb">/);
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text).toContain('<main id="content"');
      expect(text).toContain('href="#content"');
      expect(text).not.toContain('<script');
      expect(text).not.toContain('style=');
      for (const [, id] of text.matchAll(/<input id="(\w+)"/g)) expect(text).toContain(`<label for="${id}">`);
    }
  });

  it('looks different at the municipality', async () => {
    const user = await signedIn('r1', `${services.origin}/ehr/municipality`);
    const { text } = await user.get('/patients');
    expect(text).toContain('<body class="municipality">');
    expect(text).toContain('Tjenestemottakere');
    expect(text).toContain('Solvik kommune');
  });

  it('has a style sheet whose text is readable: at least 4.5:1 in both looks', async () => {
    const css = await (await fetch(`${base}/ehr.css`)).text();
    for (const theme of ['hospital', 'municipality']) {
      const rule = new RegExp(`body\\.${theme} \\{([^}]+)\\}`).exec(css)![1]!;
      const color = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{3,6})`).exec(rule)![1]!;
      const pairs = [
        ['ink', 'ground'],
        ['ink', 'panel'],
        ['ink', 'mark'],
        ['soft', 'ground'],
        ['soft', 'panel'],
        ['soft', 'mark'],
        ['accent', 'panel'],
        ['accent', 'ground'],
        ['on-bar', 'bar'],
        ['accent-ink', 'accent'],
      ];
      for (const [text, ground] of pairs)
        expect(contrast(color(text!), color(ground!)), `${theme}: ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const hex = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit).join('') : color.slice(1);
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('languages', () => {
  it.each([
    ['nb-NO,nb;q=0.9', 'nb', 'Velg hvem du er'],
    ['nn', 'nn', 'Vel kven du er'],
    ['en-GB,en;q=0.8', 'en', 'Choose who you are'],
    ['fr', 'nb', 'Velg hvem du er'],
  ])('shows a browser that wants %s the pages in %s', async (wanted, language, heading) => {
    const text = await (await fetch(`${base}/`, { headers: { 'Accept-Language': wanted } })).text();
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(`<h1>${heading}</h1>`);
  });

  it('stays in the language that was chosen', async () => {
    const user = await signedIn('r2');
    expect((await user.get('/patients')).text).toContain('Mine pasienter');
    const chosen = await user.get('/patients?lang=en');
    expect(chosen.text).toContain('My patients');
    expect(chosen.text).toContain('<a href="?lang=en" lang="en" hreflang="en" aria-current="true">English</a>');
    expect(chosen.headers.getSetCookie().join()).toMatch(
      /^hospital_language=en; Path=\/ehr\/hospital; Max-Age=31536000; HttpOnly; SameSite=Lax$/,
    );
    const { text } = await user.get('/patients/p1');
    expect(text).toContain('Admission<small>In progress · from 01/03/2026</small>');
    expect(text).toContain('title="Shared plan of Ingrid Solberg"');
    expect((await user.get('/patients/nobody')).text).toContain('This person is not in the record.');
  });

  it('passes over a language it does not have', async () => {
    const user = browser();
    const answer = await user.get('/?lang=fr');
    expect(answer.text).toContain('<html lang="nb">');
    expect(user.jar.has('hospital_language')).toBe(false);
  });
});
