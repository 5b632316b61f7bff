/**
 * The ways an issuer can sign a user in when an app is started outside any EHR, and what it can show them to choose
 * from. An issuer without this is reached by EHR launch and by systems only.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-standalone-launch
 */
import type { LaunchContext } from '../launch-context.ts';

/** Somebody who has shown who they are. */
export interface SignedInUser {
  readonly accountId: string;
  readonly name: string;
  /** The session tokens with `online_access` live in; left out: they live as long as their refresh token. */
  readonly sessionId?: string;
  /** What goes to the app besides the patient, e.g. `tenant`. */
  readonly context?: LaunchContext;
  /** Further claims of the access tokens. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Set for a patient: their own record is the only one they open. */
  readonly ownPatientId?: string;
  /** What a user is besides, as a private person: under which further account they may open whose record. */
  readonly capacities?: readonly { readonly accountId: string; readonly patientId: string }[];
}

/** A line to choose on a page. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  /** What tells this one from others of the same name. */
  readonly about: string;
  /** A FHIR date. */
  readonly birthDate?: string;
}

/** A patient whom a user may open. */
export interface OpenedPatient extends Choice {
  /** The account under which they do, where it is another than the one they signed in with. */
  readonly accountId?: string;
}

/** Users chosen from a list: for simulated systems only. */
export interface ChosenUsers {
  readonly kind: 'choice';
  choices(): Promise<readonly Choice[]>;
  /** The user behind a choice, signed in; undefined when there is none (any more). */
  enter(choiceId: string): Promise<SignedInUser | undefined>;
}

/** What is kept between the request to an external provider and its answer. */
export type ExternalRequest = Readonly<Record<string, unknown>>;

/** Users signed in by somebody else (OpenID Connect). */
export interface ExternalUsers {
  readonly kind: 'external';
  /** The provider's name, as users know it. */
  readonly name: string;
  /** Origin the browser is sent to. */
  readonly origin: string;
  /** Pushes a request whose answer comes to `redirectUri` with this `state`. @throws ExternalSignInError when the provider cannot be reached. */
  start(of: { readonly redirectUri: string; readonly state: string }): Promise<{ readonly url: string; readonly request: ExternalRequest }>;
  /** The user of an answer. @throws ExternalSignInError saying why nobody is signed in. */
  finish(of: { readonly redirectUri: string; readonly answer: URLSearchParams; readonly request: ExternalRequest }): Promise<SignedInUser>;
}

/** Why an external sign-in came to nothing; each has a text for the user. */
export type ExternalRefusal = 'unreachable' | 'refused' | 'invalid' | 'securityLevel' | 'unknownUser';

export class ExternalSignInError extends Error {
  readonly refusal: ExternalRefusal;
  /** What an operator needs to know, in codes and names of members; nothing of the person, and nothing for the person. */
  readonly why: string | undefined;

  constructor(refusal: ExternalRefusal, why?: string) {
    super(refusal);
    this.name = 'ExternalSignInError';
    this.refusal = refusal;
    this.why = why;
  }
}

export interface SignIn {
  /** Whose sign-in this is, e.g. the hospital's name. */
  readonly place: string;
  readonly users: ChosenUsers | ExternalUsers;
  /** Patients the user may open: those that fit the text, or (empty text) those to begin with. */
  patients(user: SignedInUser, text: string): Promise<readonly Choice[]>;
  /** One of them; undefined when the user may not open it or it is not there. */
  patient(user: SignedInUser, patientId: string): Promise<OpenedPatient | undefined>;
}
