/** `tokens`: who may use the server's API. */

import { BadInput, show } from '../../shared/errors.ts';
import { issueToken, revokeToken } from '../access/issue-token.ts';
import { TOKEN_ROLES, type TokenRole } from '../access/roles.ts';
import { openStore } from '../store/store.ts';
import type { Token } from '../store/tokens.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, needed, numberOption, siteOption } from './options.ts';

const DAY = 24 * 3_600_000;
/** People's tokens end by themselves; a machine's would end in the night. */
const DAYS: Readonly<Record<TokenRole, number>> = {
  admin: 90,
  marketer: 90,
  viewer: 365,
  'shop-server': Number.POSITIVE_INFINITY,
};

export const command: Command = {
  name: 'tokens',
  summary: 'make, list and revoke tokens of the API',
  help: `
promo-edge tokens create --role ROLE --owner NAME [--site SITE] [--expires DAYS] --db DIR
promo-edge tokens list --db DIR
promo-edge tokens revoke ID --db DIR

create prints the token, once: the database keeps its hash alone. Send it as Authorization: Bearer TOKEN.

  --role ROLE     ${TOKEN_ROLES.join(', ')}
  --owner NAME    person or machine: what the audit log names, and what four eyes tell apart
  --site SITE     the one site it is good for; every site where absent
  --expires DAYS  ${TOKEN_ROLES.map((role) => `${role} ${Number.isFinite(DAYS[role]) ? DAYS[role] : 'never'}`).join(', ')} where absent
`,
  options: {
    ...DB_OPTIONS,
    role: { type: 'string' },
    owner: { type: 'string' },
    site: { type: 'string' },
    expires: { type: 'string' },
  },
  async run(values, [verb, id], io) {
    const dir = dbOption(values);
    if (verb !== 'create' && verb !== 'list' && verb !== 'revoke')
      throw new BadInput({ field: 'VERB' }, 'create, list or revoke', verb ?? 'nothing');
    const order = verb === 'create' ? orderOf(values, io.now()) : undefined;
    const store = openStore(dir);
    try {
      if (order !== undefined) {
        const { token, secret } = issueToken(store, order, io.now());
        io.progress.say(`token ${token.id}: ${described(token, io.now())}. It is not shown again:`);
        io.out(secret);
      } else if (verb === 'revoke') {
        if (id === undefined) throw new BadInput({ field: 'ID' }, 'the id of a token', 'nothing');
        revokeToken(store, id, io.now());
        io.out(`token ${id} is revoked`);
      } else listTokens(store.tokens.list(), io);
      return 0;
    } finally {
      store.close();
    }
  },
};

function orderOf(values: OptionValues, now: number): Parameters<typeof issueToken>[1] {
  const role = TOKEN_ROLES.find((known) => known === values.role);
  if (role === undefined) {
    const found = values.role === undefined ? 'nothing' : show(values.role);
    throw new BadInput({ field: '--role' }, `one of ${TOKEN_ROLES.join(', ')}`, found);
  }
  const days = numberOption(values, 'expires', { fallback: DAYS[role], min: 0.01, max: 3650 });
  return {
    role,
    owner: needed(values, 'owner', 'the name of a person or machine'),
    ...(values.site === undefined ? {} : { site: siteOption(values) }),
    ...(Number.isFinite(days) ? { expires: now + days * DAY } : {}),
  };
}

function listTokens(tokens: readonly Token[], io: Io): void {
  for (const token of tokens) io.out(`${token.id}  ${described(token, io.now())}`);
}

function described({ role, owner, site, expires, revoked }: Token, now: number): string {
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const state =
    revoked !== undefined
      ? `revoked ${date(revoked)}`
      : expires === undefined
        ? 'until revoked'
        : expires <= now
          ? `expired ${date(expires)}`
          : `until ${date(expires)}`;
  return `${role} of ${owner}, ${site === undefined ? 'every site' : `site ${site}`}, ${state}`;
}
