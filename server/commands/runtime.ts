/**
 * Whether the Node.js that runs the service has security faults that are known of. A service takes requests from anybody;
 * what its libraries refuse is of no use where the runtime's own TLS or HTTP parser can be crashed.
 * Spec: https://nodejs.org/en/blog/vulnerability
 */

/** The first release of each line without the faults that a peer can use (November 2026). Lines that are not named are not judged. */
const SAFE_FROM: Readonly<Record<number, readonly [minor: number, patch: number]>> = { 24: [22, 3], 26: [13, 1] };

/** @returns what to say of a Node.js of that version, as `process.versions.node` gives it; none where nothing is known against it. */
export function runtimeWarnings(version: string): readonly string[] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const safe = SAFE_FROM[major];
  if (safe === undefined || minor > safe[0] || (minor === safe[0] && patch >= safe[1])) return [];
  return [`Node.js ${version} has published security faults; run ${major}.${safe.join('.')} or newer`];
}
