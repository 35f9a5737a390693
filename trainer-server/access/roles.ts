/** Who may ask the server for what. Each route names the roles it lets in; there is no inheritance to reason about. */

export const ROLES = ['admin', 'marketer', 'viewer', 'shop-server', 'site'] as const;

/**
 * - `admin`: a person who may do everything that people may, tokens and erasure included
 * - `marketer`: a person who proposes and approves promotions, budgets and releases
 * - `viewer`: a person who looks
 * - `shop-server`: the shop's own back end, which knows of sales
 * - `site`: everyone's browser. Its key is public, the site's name in the address, so it needs no token
 */
export type Role = (typeof ROLES)[number];

/** The roles that a token can have. */
export const TOKEN_ROLES = ['admin', 'marketer', 'viewer', 'shop-server'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** People who look. */
export const READERS = ['admin', 'marketer', 'viewer'] as const satisfies readonly Role[];
/** People who change what shoppers are offered. */
export const EDITORS = ['admin', 'marketer'] as const satisfies readonly Role[];
