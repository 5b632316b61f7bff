/**
 * Where the suite has launches from: a URL that makes one, the pages of an EHR, or a person who launches the app.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-ehr-launch
 */
import { applies, insist } from './check.ts';
import type { AppClient } from './client-authentication.ts';
import { type Ask, jsonOf } from './http.ts';
import { askPerson, findLaunch } from './sign-in-driver.ts';
import type { SuiteConfig } from './suite-config.ts';

export interface Launched {
  readonly iss: string | undefined;
  readonly launch: string;
}

export interface LaunchWanted {
  readonly config: SuiteConfig;
  readonly ask: Ask;
  readonly say: (line: string) => void;
  readonly client: AppClient;
  readonly patient: 'first' | 'second';
}

/**
 * A fresh launch of the app for the patient.
 * @throws NotApplicable when launches for this app or patient cannot be had; CheckFailed when none came.
 */
export async function launchFrom({ config, ask, say, client, patient }: LaunchWanted): Promise<Launched> {
  const provider = config.ehrLaunch?.provider;
  applies(provider !== undefined, 'no EHR launch is configured');
  const person = config.patients?.[patient];
  applies(patient === 'first' || person !== undefined, 'no second patient is configured');
  if (provider.kind !== 'url') {
    applies(provider.clientId === client.clientId, `launches are had for ${provider.clientId} only`);
  }
  if (provider.kind === 'manual') {
    applies(patient === 'first', 'a person launches the app for the first patient only');
    const what = `Launch the app in the EHR for ${person?.name ?? 'a patient'}; its launch URL is ${provider.launchUrl}`;
    const arrived = await askPerson(say, what, undefined, provider.launchUrl);
    insist(arrived !== undefined, 'nobody launched the app');
    return launchIn(arrived);
  }
  if (provider.kind === 'pages') {
    const name = (person?.name ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const press = provider.press.map((pattern) => pattern.replaceAll('{patient}', name));
    const found = await findLaunch(ask, provider.url, press);
    insist(found !== undefined, `no page of ${provider.url} leads to a launch`);
    return launchIn(found);
  }
  const url = provider.url
    .replaceAll('{client}', encodeURIComponent(client.clientId))
    .replaceAll('{patient}', encodeURIComponent(person?.id ?? ''));
  const answer = await ask(url);
  if (answer.location !== undefined) return launchIn(answer.location);
  const { iss, launch } = (jsonOf(answer) ?? {}) as { iss?: string; launch?: string };
  insist(typeof launch === 'string', `${url} gave no launch`);
  return { iss, launch };
}

function launchIn(url: URL): Launched {
  const launch = url.searchParams.get('launch');
  insist(launch !== null, 'the EHR opened the app without launch');
  return { iss: url.searchParams.get('iss') ?? undefined, launch };
}
