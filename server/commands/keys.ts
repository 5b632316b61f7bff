/**
 * `fellesplan keys list|rotate|retire`: the keys that tokens are signed with, changed while servers run; each learns of
 * it within half a minute.
 *
 * Spec: https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys
 */
import type { Command } from 'commander';
import type { KeyStatus, SigningKeys } from '../auth/signing-keys.ts';

/** The name under which the shared service keeps its state. */
const ISSUER = 'shared';
const STATES = { signs: 'signs', next: 'will sign', kept: 'verifies' } as const;

const EXITS = '\nExits 0 when done, 1 when there is no such key, 2 when it could not run. Servers learn of it within half a minute.';

/** Adds the commands. They set the exit code: 0 done, 1 refused (there is no such key), 2 could not run. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that tokens are signed with').addHelpText('after', EXITS);
  keys
    .command('list')
    .description('tell the keys, which of them signs, and when the others begin or go')
    .action(() => withKeys(tell));
  keys
    .command('rotate')
    .description('make a new key: it is published now, signs in five minutes, and the old one goes when its last token has expired')
    .action(() =>
      withKeys(async (of) => {
        const { KEY_LEAD_SECONDS } = await import('../auth/signing-keys.ts');
        const { ID_TOKEN_SECONDS } = await import('../auth/provider-settings.ts');
        await of.rotate(KEY_LEAD_SECONDS, ID_TOKEN_SECONDS);
        await tell(of);
      }),
    );
  keys
    .command('retire')
    .argument('<kid>', 'as `keys list` tells it')
    .description('take a key out of use at once, as when it has become known: tokens it signed are refused within half a minute')
    .action((kid: string) =>
      withKeys(async (of) => {
        const { Refusal } = await import('./open-store.ts');
        if (!(await of.retire(kid))) throw new Refusal(`there is no key ${kid}`);
        await tell(of);
      }),
    );
}

async function withKeys(work: (keys: SigningKeys) => Promise<void>): Promise<void> {
  const { withStore } = await import('./open-store.ts');
  const { signingKeys } = await import('../auth/signing-keys.ts');
  const { ID_TOKEN_SECONDS } = await import('../auth/provider-settings.ts');
  await withStore(true, ({ database }) => work(signingKeys(database.state, ISSUER, { keepSeconds: ID_TOKEN_SECONDS })));
}

async function tell(keys: SigningKeys): Promise<void> {
  process.stdout.write((await keys.list()).map((key) => `${lineOf(key)}\n`).join(''));
}

function lineOf({ kid, state, signsFromMs, expiresAtMs }: KeyStatus): string {
  const from = signsFromMs === undefined ? '' : ` from ${new Date(signsFromMs).toISOString()}`;
  const until = expiresAtMs === undefined ? '' : ` until ${new Date(expiresAtMs).toISOString()}`;
  return `${kid}  ${STATES[state]}${from}${until}`;
}
